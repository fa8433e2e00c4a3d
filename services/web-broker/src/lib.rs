//! The participant's desk: organisations, people, mandates, drafts, templates and checks before sending.

mod application;
mod delegation;
mod draft;
mod form;
mod history;
mod membership;
mod national_number;
mod organisation;
mod page;
mod person;
mod rings;
pub mod seed;
mod system_key;
mod template;
mod words;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use customs_platform::{Desk, Ports, Service, Store, UseCases};
use customs_web_broker_contract::{
    AdmitSystem, ApproveApplication, CheckDraft, CloseOrganisation, ConfirmMandate, ConfirmPreCheck,
    CopyDraft, DeleteDraft, DeleteTemplate, EndMembership, FindSystemKey, GrantDelegation, GrantMembership,
    HandOverDraft, IdentifyPerson, ListApplications, ListDelegations, ListDrafts, ListOrganisations,
    ListPeople, ListRegistryChanges, ListSystemKeys, ListTemplates, LockDraft, MyOrganisation, OpenDraft,
    OpenTemplate, ReceiveApplication, RegisterOrganisation, RegisterPerson, RegisterSystemKey,
    RejectApplication, RevokeDelegation, RevokeSystemKey, SaveDraft, SaveTemplate, SetPersonActive,
    SpendChallenge, UnlockDraft,
};
use sea_orm::DatabaseConnection;

/// The service's name: in addresses, stores and charts.
pub const NAME: &str = "web-broker";

/// What the use cases of this service stand on.
pub struct App {
    store: Store,
    desk: Desk,
}

impl App {
    fn reader(&self) -> &DatabaseConnection {
        self.store.reader()
    }

    fn now(&self) -> DateTime<Utc> {
        self.store.clock().now()
    }
}

/// The service on `ports`; it hears no messages.
pub fn service(ports: Ports) -> anyhow::Result<(Arc<App>, Service)> {
    let Ports { store, desk, .. } = ports;
    let app = Arc::new(App { store: store.clone(), desk });
    let use_cases = register(&app, &store).and(systems(&app, &store)).and(drafts(&app, &store));
    let service = Service::new(NAME, store, use_cases).ringing(Arc::<App>::clone(&app));
    Ok((app, service))
}

fn register(app: &Arc<App>, store: &Store) -> UseCases {
    UseCases::new()
        .answers::<IdentifyPerson>(app)
        .answers::<ConfirmMandate>(app)
        .acts::<SpendChallenge>(app, store)
        .acts::<RegisterOrganisation>(app, store)
        .acts::<CloseOrganisation>(app, store)
        .answers::<MyOrganisation>(app)
        .answers::<ListOrganisations>(app)
        .acts::<RegisterPerson>(app, store)
        .acts::<SetPersonActive>(app, store)
        .answers::<ListPeople>(app)
        .answers::<ListRegistryChanges>(app)
        .acts::<GrantMembership>(app, store)
        .acts::<EndMembership>(app, store)
        .acts::<GrantDelegation>(app, store)
        .acts::<RevokeDelegation>(app, store)
        .answers::<ListDelegations>(app)
        .acts::<ReceiveApplication>(app, store)
        .answers::<ListApplications>(app)
        .acts::<ApproveApplication>(app, store)
        .acts::<RejectApplication>(app, store)
}

fn systems(app: &Arc<App>, store: &Store) -> UseCases {
    UseCases::new()
        .acts::<RegisterSystemKey>(app, store)
        .acts::<RevokeSystemKey>(app, store)
        .answers::<ListSystemKeys>(app)
        .answers::<FindSystemKey>(app)
        .acts::<AdmitSystem>(app, store)
}

fn drafts(app: &Arc<App>, store: &Store) -> UseCases {
    UseCases::new()
        .acts::<SaveDraft>(app, store)
        .acts::<LockDraft>(app, store)
        .acts::<UnlockDraft>(app, store)
        .answers::<OpenDraft>(app)
        .answers::<ListDrafts>(app)
        .acts::<HandOverDraft>(app, store)
        .acts::<DeleteDraft>(app, store)
        .acts::<CopyDraft>(app, store)
        .plans::<CheckDraft>(app, store)
        .answers::<ConfirmPreCheck>(app)
        .acts::<SaveTemplate>(app, store)
        .answers::<ListTemplates>(app)
        .answers::<OpenTemplate>(app)
        .acts::<DeleteTemplate>(app, store)
}
