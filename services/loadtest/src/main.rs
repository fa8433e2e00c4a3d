//! `ecustoms-load`: how many declarations a suite accepts and releases, beside the floor of the same machine.

mod compare;
mod door;
mod ear;
mod figures;
mod floor;
mod meter;
mod pace;
mod paper;
mod ready;
mod roles;
mod run;
mod signatures;
mod stock;
mod suite;
mod transit;
mod usage;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{
    floor::{Floor, Ground},
    pace::Pace,
    run::Limits,
    stock::Sizes,
    suite::variable,
    transit::Scene,
    usage::Component,
};

/// How many declarations a suite accepts and releases, beside the floor of the same machine.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends declarations to a suite that is running with the demo nation.
    Transit {
        /// Address of the suite.
        #[arg(long)]
        url: String,
        /// Process id of the suite, for its CPU time; more than one if it runs in several processes.
        #[arg(long)]
        pid: Vec<u32>,
        #[command(flatten)]
        load: Load,
    },
    /// The same commits and confirmed messages without the customs; under `deploy/local/servers.sh run --`.
    Floor {
        #[command(flatten)]
        load: Load,
        /// How many messages a receiver takes in one transaction at most.
        #[arg(long, default_value_t = 64)]
        batch: usize,
    },
    /// Floor and suite in turn, then the suite at half of its capacity; under `deploy/local/servers.sh run --`.
    Compare {
        /// The program.
        #[arg(long, default_value = "target/release/ecustoms")]
        binary: PathBuf,
        #[command(flatten)]
        load: Load,
        /// How often both are measured.
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Seconds at half of the capacity; none with 0.
        #[arg(long, default_value_t = 120)]
        steady: u64,
        /// Declarations in a second during that time, instead of half of what was measured.
        #[arg(long)]
        steady_rate: Option<u32>,
    },
    /// Detached signatures verified as the edge does, beside the key operation that each needs.
    Signatures {
        /// How many times both are measured.
        #[arg(long, default_value_t = 31)]
        rounds: u32,
    },
    /// From start to ready, and the memory of an idle suite, embedded.
    Ready {
        /// The program.
        #[arg(long, default_value = "target/release/ecustoms")]
        binary: PathBuf,
        /// How many times.
        #[arg(long, default_value_t = 3)]
        rounds: u32,
        /// Seconds of idleness before memory is read.
        #[arg(long, default_value_t = 30)]
        idle: u64,
    },
    /// From start to ready, and the memory when idle, of each role by itself; under `deploy/local/servers.sh run --`.
    Roles {
        /// The program.
        #[arg(long, default_value = "target/release/ecustoms")]
        binary: PathBuf,
        /// Seconds of idleness before memory is read.
        #[arg(long, default_value_t = 30)]
        idle: u64,
    },
}

/// How the load is made.
#[derive(Clone, Copy, Debug, Args)]
struct Load {
    /// Declarations in a second, whatever happens (open loop).
    #[arg(long, conflicts_with = "in_flight")]
    rate: Option<u32>,
    /// Declarations at a time (closed loop).
    #[arg(long, default_value_t = 64)]
    in_flight: usize,
    /// Seconds before measuring begins.
    #[arg(long, default_value_t = 3)]
    warm: u64,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// How many items the declarations have: `mix` or a number.
    #[arg(long, default_value = "mix")]
    sizes: Sizes,
    /// How many guarantees the declarations name, by Zipf's law.
    #[arg(long, default_value_t = 200)]
    guarantees: usize,
    /// Declarations that are prepared for each second of a closed loop.
    #[arg(long, default_value_t = 700)]
    prepared: u64,
}

impl Load {
    fn pace(&self) -> Pace {
        self.rate.map_or(Pace::InFlight(self.in_flight), Pace::Rate)
    }

    const fn limits(&self) -> Limits {
        Limits { warm: self.warm, measured: self.seconds, prepared: self.prepared }
    }

    fn ground(&self, batch: usize) -> anyhow::Result<Ground> {
        Ok(Ground {
            postgres_url: variable("ECUSTOMS_POSTGRES_URL")?,
            rabbitmq_url: variable("ECUSTOMS_RABBITMQ_URL")?,
            connections: 8,
            guarantees: self.guarantees,
            batch,
        })
    }
}

/// The servers, if they are known, and this program.
fn components() -> anyhow::Result<Vec<Component>> {
    let mut components = match std::env::var_os("ECUSTOMS_SERVERS_DIR") {
        Some(directory) => usage::servers(directory.as_ref())?,
        None => Vec::new(),
    };
    components.push(Component { name: "load".to_owned(), pids: vec![std::process::id()] });
    Ok(components)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Transit { url, pid, load } => {
            let scene = Scene::open(&url, load.guarantees).await?;
            let mut components = components()?;
            if !pid.is_empty() {
                components.insert(0, Component { name: "suite".to_owned(), pids: pid });
            }
            let outcome = scene.run(load.pace(), load.sizes, load.limits(), &components).await?;
            outcome.print("transit", &components);
            Ok(())
        }
        Command::Floor { load, batch } => {
            let floor = Floor::open(&load.ground(batch)?).await?;
            let components = components()?;
            let limits = Limits { prepared: 20_000, ..load.limits() };
            let outcome = floor.run(load.pace(), load.sizes, limits, &components).await?;
            outcome.print("floor", &components);
            Ok(())
        }
        Command::Compare { binary, load, rounds, steady, steady_rate } => {
            compare::run(&binary, load, rounds, (steady, steady_rate)).await
        }
        Command::Signatures { rounds } => signatures::measure(rounds),
        Command::Ready { binary, rounds, idle } => ready::measure(&binary, rounds, idle).await,
        Command::Roles { binary, idle } => roles::measure(&binary, idle).await,
    }
}
