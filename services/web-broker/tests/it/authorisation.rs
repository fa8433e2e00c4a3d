//! Who may do what to whose: every use case, by every role, on either side of the fence.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::TimeDelta;
use customs_kernel::{Caller, Role, UseCase};
use customs_web_broker_contract as contract;
use serde_json::{Value, json};

use crate::world::{BROKER, CARRIER, DECLARANT, World, in_every_world, service, somebody};

/// What a call on something of the declarant's organisation may come to, once the role is allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fence {
    /// There is no fence: machines and administrators act on everybody's.
    Open,
    /// Others are told that there is no such thing.
    Named,
    /// As named, but an administrator may look over it.
    NamedButAdministrator,
    /// Others see their own and nothing of it.
    Listed,
    /// Whatever is done is done to one's own organisation.
    Own,
}

struct Row {
    name: &'static str,
    needs: &'static str,
    fence: Fence,
    ask: fn(&Things) -> Value,
}

/// Fresh things of the declarant's organisation to act on.
struct Things {
    draft: Value,
    template: Value,
    application: Value,
    delegation: Value,
    organisation: Value,
    person: Value,
    membership: Value,
    system_key: Value,
    stray_organisation: Value,
    number: u32,
    world_now: chrono::DateTime<chrono::Utc>,
}

fn row<U: UseCase>(fence: Fence, ask: fn(&Things) -> Value) -> Row {
    Row { name: U::NAME, needs: U::NEEDS, fence, ask }
}

fn kirghiz(number: u32) -> Value {
    json!({ "scheme": "kg-pin", "number": format!("115031990{number:05}") })
}

fn uzbek(number: u32) -> Value {
    json!({ "scheme": "uz-tin", "number": format!("4{number:08}") })
}

/// The application of a newcomer whom nobody knows yet.
fn application(number: u32) -> Value {
    let organisation = number * 1_000;
    json!({
        "person": kirghiz(number), "personName": "N", "organisation": uzbek(organisation),
        "organisationName": "O", "eori": format!("UZ4{organisation:08}"), "addressLines": [], "kinds": ["carrier"],
    })
}

fn table() -> Vec<Row> {
    use Fence::{Listed, Named, NamedButAdministrator, Open, Own};
    let mut rows = vec![
        row::<contract::IdentifyPerson>(
            Open,
            |_| json!({ "person": { "scheme": "kz-iin", "number": "901122401178" } }),
        ),
        row::<contract::SpendChallenge>(
            Open,
            |things| json!({ "sha256": format!("{:064x}", things.number), "expiresAt": things.world_now }),
        ),
        row::<contract::ConfirmMandate>(
            Open,
            |things| json!({ "principal": DECLARANT, "representative": BROKER, "at": things.world_now }),
        ),
        row::<contract::ConfirmPreCheck>(
            Open,
            |things| json!({ "receiptId": things.draft, "organisation": DECLARANT, "rulesetHash": "", "contentSha256": "" }),
        ),
        row::<contract::RegisterOrganisation>(Open, |things| {
            let number = things.number + 50_000_000;
            json!({
                "eori": format!("UZ4{number:08}"), "name": "New", "addressLines": [], "country": "UZ",
                "nationalNumber": uzbek(number), "kinds": ["carrier"],
            })
        }),
        row::<contract::CloseOrganisation>(
            Open,
            |things| json!({ "organisationId": things.stray_organisation, "expectedVersion": 1 }),
        ),
        row::<contract::ListOrganisations>(Open, |_| json!({})),
        row::<contract::RegisterPerson>(
            Open,
            |things| json!({ "name": "New", "nationalNumber": kirghiz(things.number + 50_000) }),
        ),
        row::<contract::SetPersonActive>(
            Open,
            |things| json!({ "personId": things.person, "active": false }),
        ),
        row::<contract::GrantMembership>(Open, |things| {
            json!({
                "personId": things.person, "organisationId": things.stray_organisation, "roles": ["carrier"],
            })
        }),
        row::<contract::EndMembership>(Open, |things| json!({ "membershipId": things.membership })),
        row::<contract::MyOrganisation>(Listed, |_| json!({})),
        row::<contract::ListPeople>(
            NamedButAdministrator,
            |things| json!({ "organisationId": things.organisation }),
        ),
        row::<contract::ListRegistryChanges>(
            NamedButAdministrator,
            |things| json!({ "organisationId": things.organisation }),
        ),
        row::<contract::GrantDelegation>(Own, |things| {
            let from = things.world_now + TimeDelta::days(5_000 + i64::from(things.number));
            json!({
                "representative": BROKER, "scope": ["declare"],
                "validFrom": from, "validTo": from + TimeDelta::hours(1),
            })
        }),
        row::<contract::RevokeDelegation>(Named, |things| json!({ "delegationId": things.delegation })),
        row::<contract::ListDelegations>(Listed, |_| json!({})),
    ];
    rows.extend(systems());
    rows.extend(drafts());
    rows.extend(templates_and_applications());
    rows
}

/// A key of its own for every number.
pub(crate) fn jwk(number: u32) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{number:0>42}A"}}"#)
}

fn systems() -> Vec<Row> {
    use Fence::{Listed, Named, Open, Own};
    vec![
        row::<contract::RegisterSystemKey>(
            Own,
            |things| json!({ "name": "S", "key": jwk(things.number + 50_000) }),
        ),
        row::<contract::RevokeSystemKey>(Named, |things| json!({ "systemKeyId": things.system_key["id"] })),
        row::<contract::ListSystemKeys>(Listed, |_| json!({})),
        row::<contract::FindSystemKey>(Open, |things| json!({ "keyId": things.system_key["keyId"] })),
        row::<contract::AdmitSystem>(Open, |things| {
            let (key, nonce) = (&things.system_key["keyId"], things.number.to_string());
            json!({ "keyId": key, "nonce": nonce, "expiresAt": things.world_now })
        }),
    ]
}

fn drafts() -> Vec<Row> {
    use Fence::{Listed, Named};
    vec![
        row::<contract::SaveDraft>(Named, |things| {
            json!({
                "id": things.draft, "expectedVersion": 1, "kind": "transit", "content": "{}", "title": "T",
            })
        }),
        row::<contract::LockDraft>(Named, |things| json!({ "id": things.draft })),
        row::<contract::UnlockDraft>(Named, |things| json!({ "id": things.draft })),
        row::<contract::OpenDraft>(Named, |things| json!({ "id": things.draft })),
        row::<contract::ListDrafts>(Listed, |_| json!({})),
        row::<contract::HandOverDraft>(
            Named,
            |things| json!({ "id": things.draft, "expectedVersion": 1, "toPersonId": things.person }),
        ),
        row::<contract::DeleteDraft>(Named, |things| json!({ "id": things.draft, "expectedVersion": 1 })),
        row::<contract::CopyDraft>(Named, |things| json!({ "id": things.draft })),
        row::<contract::CheckDraft>(Named, |things| json!({ "id": things.draft })),
    ]
}

fn templates_and_applications() -> Vec<Row> {
    use Fence::{Listed, Named, Open, Own};
    vec![
        row::<contract::SaveTemplate>(Own, |_| json!({ "kind": "goods", "content": "{}", "title": "T" })),
        row::<contract::ListTemplates>(Listed, |_| json!({})),
        row::<contract::OpenTemplate>(Named, |things| json!({ "id": things.template })),
        row::<contract::DeleteTemplate>(Named, |things| json!({ "id": things.template })),
        row::<contract::ReceiveApplication>(Open, |things| application(things.number + 75_000)),
        row::<contract::ListApplications>(Open, |_| json!({})),
        row::<contract::ApproveApplication>(Open, |things| json!({ "applicationId": things.application })),
        row::<contract::RejectApplication>(
            Open,
            |things| json!({ "applicationId": things.application, "reason": "R" }),
        ),
    ]
}

/// Makes fresh things, so that no call finds what an earlier one has changed.
async fn fresh(world: &World, next: &AtomicU32) -> Things {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let administrator = somebody(Role::Administrator, None);
    let owner = somebody(Role::Declarant, Some(DECLARANT));
    let call = async |caller: &Caller, name: &str, ask: Value| {
        let done = world.call(caller, name, ask.clone()).await;
        done.unwrap_or_else(|problem| panic!("{name} {ask}: {problem:?}"))
    };
    let draft = json!({ "kind": "transit", "content": "{}", "title": "T" });
    let draft = call(&owner, contract::SaveDraft::NAME, draft).await;
    let template = json!({ "kind": "goods", "content": "{}", "title": "T" });
    let template = call(&owner, contract::SaveTemplate::NAME, template).await;
    let newcomer = application(number + 25_000);
    let newcomer = call(&service(), contract::ReceiveApplication::NAME, newcomer).await;
    let from = world.now() + TimeDelta::days(1_000 + i64::from(number));
    let delegation = json!({
        "representative": BROKER, "scope": ["declare"],
        "validFrom": from, "validTo": from + TimeDelta::hours(1),
    });
    let delegation = call(&owner, contract::GrantDelegation::NAME, delegation).await;
    let organisation = call(&owner, contract::MyOrganisation::NAME, json!({})).await;
    let person = json!({ "name": "P", "nationalNumber": kirghiz(number) });
    let person = call(&administrator, contract::RegisterPerson::NAME, person).await;
    let membership = json!({
        "personId": person["id"], "organisationId": organisation["id"], "roles": ["declarant"],
    });
    let membership = call(&administrator, contract::GrantMembership::NAME, membership).await;
    // An organisation has so many in force at most.
    let before = call(&owner, contract::ListSystemKeys::NAME, json!({ "first": 100 })).await;
    for old in before["items"].as_array().unwrap().iter().filter(|key| key["revokedAt"].is_null()) {
        call(&owner, contract::RevokeSystemKey::NAME, json!({ "systemKeyId": old["id"] })).await;
    }
    let key = json!({ "name": "S", "key": jwk(number) });
    let key = call(&owner, contract::RegisterSystemKey::NAME, key).await;
    let stray = json!({
        "eori": format!("UZ4{number:08}"), "name": "S", "addressLines": [], "country": "UZ",
        "nationalNumber": uzbek(number), "kinds": ["carrier"],
    });
    let stray = call(&administrator, contract::RegisterOrganisation::NAME, stray).await;
    Things {
        draft: draft["id"].clone(),
        template: template["id"].clone(),
        application: newcomer["id"].clone(),
        delegation: delegation["id"].clone(),
        organisation: organisation["id"].clone(),
        person: person["id"].clone(),
        membership: membership["id"].clone(),
        system_key: key,
        stray_organisation: stray["id"].clone(),
        number,
        world_now: world.now(),
    }
}

/// The code a call must be answered with; `ok` where it must succeed.
fn want(row: &Row, role: Role, party: Option<&str>) -> &'static str {
    let own = party == Some(DECLARANT);
    let administrator = role == Role::Administrator;
    match row.fence {
        _ if !role.may(row.needs) => "forbidden",
        Fence::Open => "ok",
        Fence::NamedButAdministrator if administrator => "ok",
        _ if party.is_none() => "organisation-required",
        Fence::Named | Fence::NamedButAdministrator if !own => "not-found",
        Fence::Named | Fence::NamedButAdministrator | Fence::Listed | Fence::Own => "ok",
    }
}

in_every_world! {
    async fn nobody_does_what_the_table_does_not_allow(world: &World) {
        let next = AtomicU32::new(1);
        let mut things = fresh(world, &next).await;
        for row in table() {
            for role in Role::ALL {
                for party in [Some(DECLARANT), Some(CARRIER), None] {
                    let want = want(&row, *role, party);
                    if want == "ok" {
                        things = fresh(world, &next).await;
                    }
                    let ask = (row.ask)(&things);
                    let got = world.call(&somebody(*role, party), row.name, ask.clone()).await;
                    let code = got.as_ref().map_or_else(|problem| problem.code.as_ref(), |_| "ok");
                    assert_eq!(code, want, "{} by {role:?} of {party:?}: {ask} -> {got:?}", row.name);
                    if row.fence == Fence::Listed && party == Some(CARRIER) {
                        let text = got.map(|answer| answer.to_string()).unwrap_or_default();
                        assert!(!text.contains(DECLARANT), "{} shows another's: {text}", row.name);
                        assert!(!text.contains(things.draft.as_str().unwrap()), "{}", row.name);
                    }
                }
            }
        }
    }

    async fn the_table_names_every_use_case_of_the_service(world: &World) {
        let served: BTreeSet<_> = world.names.iter().map(String::as_str).collect();
        let walked: BTreeSet<_> = table().iter().map(|row| row.name).collect();
        assert_eq!(walked, served);
    }
}
