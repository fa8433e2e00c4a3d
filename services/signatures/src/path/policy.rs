//! The policy graph of a path (RFC 9618): which certificate policies hold from the anchor to the end.

use std::collections::{BTreeMap, BTreeSet};

use crate::oid;

type Policy = Vec<u8>;

/// One policy at one depth.
#[derive(Clone, Debug)]
struct Node {
    /// Policies of the depth above that this one stands under.
    parents: BTreeSet<Policy>,
    /// What the next certificate may call this policy.
    expected: BTreeSet<Policy>,
}

/// All policies that hold so far, one level per certificate; at most one node per policy and level.
#[derive(Debug)]
pub(super) struct PolicyGraph {
    levels: Vec<BTreeMap<Policy, Node>>,
}

fn any() -> Policy {
    oid::ANY_POLICY.to_vec()
}

impl PolicyGraph {
    /// The graph above the first certificate: any policy.
    pub(super) fn new() -> Self {
        let root = Node { parents: BTreeSet::new(), expected: BTreeSet::from([any()]) };
        Self { levels: vec![BTreeMap::from([(any(), root)])] }
    }

    /// Adds the level of a certificate with these policies; `false` when nothing is left.
    pub(super) fn descend(&mut self, policies: &[&[u8]], any_allowed: bool) -> bool {
        let Some(above) = self.levels.last() else { return false };
        let expecting = |policy: &[u8]| -> BTreeSet<Policy> {
            let nodes = above.iter().filter(|(_, node)| node.expected.contains(policy));
            nodes.map(|(name, _)| name.clone()).collect()
        };
        let mut level = BTreeMap::new();
        let mut add = |policy: &[u8], parents: BTreeSet<Policy>| {
            let node = Node { parents, expected: BTreeSet::from([policy.to_vec()]) };
            level.insert(policy.to_vec(), node);
        };
        for policy in policies.iter().filter(|policy| **policy != oid::ANY_POLICY) {
            let parents = expecting(policy);
            if !parents.is_empty() {
                add(policy, parents);
            } else if above.contains_key(oid::ANY_POLICY) {
                add(policy, BTreeSet::from([any()]));
            }
        }
        if any_allowed && policies.contains(&oid::ANY_POLICY) {
            let wanted: BTreeSet<&Policy> = above.values().flat_map(|node| &node.expected).collect();
            for policy in wanted {
                if !policies.iter().any(|named| *named != oid::ANY_POLICY && *named == policy.as_slice()) {
                    add(policy, expecting(policy));
                }
            }
        }
        self.levels.push(level);
        self.prune()
    }

    /// Maps the policies of the last level for the next certificate; `inhibited` deletes them instead.
    pub(super) fn map(&mut self, mappings: &[(&[u8], &[u8])], inhibited: bool) -> bool {
        let mut by_issuer: BTreeMap<&[u8], BTreeSet<Policy>> = BTreeMap::new();
        for (issuer, subject) in mappings {
            by_issuer.entry(issuer).or_default().insert(subject.to_vec());
        }
        let Some(level) = self.levels.last_mut() else { return false };
        for (issuer, subjects) in by_issuer {
            if inhibited {
                level.remove(issuer);
            } else if let Some(node) = level.get_mut(issuer) {
                node.expected = subjects;
            } else if let Some(node) = level.get(oid::ANY_POLICY) {
                let mapped = Node { parents: node.parents.clone(), expected: subjects };
                level.insert(issuer.to_vec(), mapped);
            }
        }
        self.prune()
    }

    /// Removes what leads nowhere; `false` when nothing is left.
    fn prune(&mut self) -> bool {
        let mut below: Option<BTreeSet<Policy>> = None;
        for level in self.levels.iter_mut().rev() {
            if let Some(used) = &below {
                level.retain(|policy, _| used.contains(policy));
            }
            below = Some(level.values().flat_map(|node| node.parents.iter().cloned()).collect());
        }
        self.levels.last().is_some_and(|level| !level.is_empty())
    }

    /// The policies of the first authority's own naming under which the whole path was issued.
    pub(super) fn authority_policies(&self) -> BTreeSet<Policy> {
        let named = self.levels.iter().flatten().filter(|(policy, node)| {
            policy.as_slice() != oid::ANY_POLICY && node.parents.contains(oid::ANY_POLICY)
        });
        let mut found: BTreeSet<Policy> = named.map(|(policy, _)| policy.clone()).collect();
        if self.levels.last().is_some_and(|level| level.contains_key(oid::ANY_POLICY)) {
            found.insert(any());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &[u8] = &[0x2a, 1];
    const B: &[u8] = &[0x2a, 2];

    #[test]
    fn a_policy_must_be_asserted_by_every_certificate() {
        let mut graph = PolicyGraph::new();
        assert!(graph.descend(&[A, B], true));
        assert!(graph.descend(&[B], true));
        assert_eq!(graph.authority_policies(), BTreeSet::from([B.to_vec()]));
        assert!(!graph.descend(&[A], true));
    }

    #[test]
    fn a_mapped_policy_goes_by_its_new_name_but_counts_under_the_old_one() {
        let mut graph = PolicyGraph::new();
        assert!(graph.descend(&[A], true));
        assert!(graph.map(&[(A, B)], false));
        assert!(graph.descend(&[B], true));
        assert_eq!(graph.authority_policies(), BTreeSet::from([A.to_vec()]));
    }

    #[test]
    fn an_inhibited_mapping_ends_the_policy() {
        let mut graph = PolicyGraph::new();
        assert!(graph.descend(&[A], true));
        assert!(!graph.map(&[(A, B)], true));
    }

    #[test]
    fn any_policy_stands_for_all_unless_it_is_inhibited() {
        let mut graph = PolicyGraph::new();
        assert!(graph.descend(&[oid::ANY_POLICY], true));
        assert!(graph.descend(&[A], false));
        assert_eq!(graph.authority_policies(), BTreeSet::from([A.to_vec()]));
        assert!(!graph.descend(&[oid::ANY_POLICY], false));
    }
}
