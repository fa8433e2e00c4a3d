//! Signed documents that were accepted: each once for a purpose, whichever replica took it in.

use customs_platform::{Failure, Known, Sheet, Work, sql};
use customs_signatures::ReplayKey;

static CLAIMS: Sheet = Sheet {
    table: "signed_claims",
    columns: &["claim", "accepted", "at"],
    key: &["claim"],
    known: Known::Replaced,
};

/// Takes `claim` with the transaction of `work`; false if a document was accepted under it before.
///
/// Whoever comes with the same document in the meantime waits here until this work is committed or dropped.
pub(crate) async fn claim(work: &Work, claim: ReplayKey) -> Result<bool, Failure> {
    let sql = "INSERT INTO signed_claims (claim, accepted, at) VALUES ($1, $2, $3) ON CONFLICT (claim) DO UPDATE \
               SET accepted = excluded.accepted, at = excluded.at WHERE NOT signed_claims.accepted";
    let values = vec![claim.text().into(), true.into(), work.now().into()];
    Ok(sql::execute(work.txn(), sql, values).await? > 0)
}

/// Gives `claim` back: the document was refused, and may be sent again as it is.
pub(crate) fn give_back(work: &Work, claim: ReplayKey) {
    let text = claim.text();
    work.write(&CLAIMS, text.clone(), vec![text.into(), false.into(), work.now().into()]);
}
