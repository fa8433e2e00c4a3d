//! A key of an object in the same namespace.

#![expect(unreachable_pub, reason = "the derive of schemas makes public structs within functions")]

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// One key of a Secret or a `ConfigMap` in the same namespace.
#[derive(Clone, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyRef {
    /// Name of the object.
    #[schemars(length(min = 1, max = 253))]
    pub name: String,
    /// The key in it.
    #[schemars(length(min = 1, max = 253))]
    pub key: String,
}
