//! The resources that people write, as Rust types; the definitions in the chart are printed from them.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::CustomResourceExt;

pub mod condition;
mod dead_letter_replay;
mod key_ref;
mod reference_dataset;
mod trust_anchor;

pub use condition::{Condition, Status, Verdict};
pub use dead_letter_replay::{
    Approval, ApprovalMode, DeadLetterReplay, DeadLetterReplaySpec, DeadLetterReplayStatus, FailedLetter,
    Kind, Selection, Service,
};
pub use key_ref::KeyRef;
pub use reference_dataset::{
    Activation, ActivationMode, Dataset, DatasetSource, HttpSource, Integrity, ReferenceDataset,
    ReferenceDatasetSpec, ReferenceDatasetStatus, VolumeSource,
};
pub use trust_anchor::{
    BundleStatus, CertificateStatus, Constraints, EdgesStatus, TrustAnchor, TrustAnchorSpec,
    TrustAnchorStatus, TrustSource, Usage,
};

/// The group of our resources. The derive macros want it as a literal; a test holds them to this one.
pub const GROUP: &str = "ecustoms.dev";
/// The version of our resources.
pub const VERSION: &str = "v1alpha1";
/// Under this name the operator writes fields, and finds again which are its own.
pub const MANAGER: &str = "ecustoms-operator";

/// The definitions of our resources, as an API server takes them.
#[must_use]
pub fn definitions() -> Vec<CustomResourceDefinition> {
    vec![DeadLetterReplay::crd(), ReferenceDataset::crd(), TrustAnchor::crd()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_of_our_group_namespaced_and_has_a_status_of_its_own() {
        for crd in definitions() {
            assert_eq!(crd.spec.group, GROUP);
            assert_eq!(crd.spec.scope, "Namespaced");
            assert_eq!(crd.spec.versions.len(), 1);
            let version = &crd.spec.versions[0];
            assert_eq!(version.name, VERSION);
            assert!(version.subresources.as_ref().unwrap().status.is_some());
            let names = &crd.spec.names;
            assert_eq!(names.categories, Some(vec!["ecustoms".to_owned()]));
            // A short name of two letters would be somebody else's as well.
            assert!(names.short_names.as_ref().unwrap().iter().all(|name| name.starts_with("ec")));
        }
    }

    #[test]
    fn no_column_shows_a_time_to_come_as_an_age() {
        for crd in definitions() {
            for column in crd.spec.versions[0].additional_printer_columns.as_ref().unwrap() {
                let future = column.json_path.contains("xpir") || column.json_path.contains("next");
                assert!(!(future && column.type_ == "date"), "{} would show <invalid>", column.name);
            }
        }
    }
}
