//! The edge of the suite: bad input, permissions, servers that are gone, traces and logs.

#[cfg(test)]
mod archive;
#[cfg(test)]
mod authorisation;
#[cfg(test)]
mod bad_graphql;
#[cfg(test)]
mod bad_json;
#[cfg(test)]
mod bad_xml;
#[cfg(test)]
mod client;
#[cfg(test)]
mod conventions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod fetching;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod introspection;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod over_tls;
#[cfg(test)]
mod ownership;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod probing;
#[cfg(test)]
mod replicas;
#[cfg(test)]
mod report;
#[cfg(test)]
mod robots;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod seal_exchange;
#[cfg(test)]
mod sealed_by_device;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod signers;
#[cfg(test)]
mod spans;
#[cfg(test)]
mod states;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod systems;
#[cfg(test)]
mod telemetry;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod wire;
