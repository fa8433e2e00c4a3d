//! Rows of the register and of its history.

use customs_kernel::{Caller, Eori};
use customs_platform::{Failure, Work};
use customs_references_contract::{AuthorisedParty, PartyAddress, PartyRole};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::{
    aggregate::Party,
    state::{PartyEvent, PartyState},
};
use crate::{
    hot::Days,
    page::Page,
    sql::{self, Query},
};

impl Party {
    fn read(row: &QueryResult) -> Result<Self, Failure> {
        let roles: String = row.try_get("", "roles")?;
        let roles: Vec<PartyRole> = serde_json::from_str(&roles)?;
        let state: String = row.try_get("", "state")?;
        let eori: String = row.try_get("", "eori")?;
        Ok(Self {
            eori: eori.parse().map_err(|error| anyhow::anyhow!("{eori} in the register: {error}"))?,
            name: row.try_get("", "name")?,
            address: PartyAddress {
                street_and_number: row.try_get("", "street_and_number")?,
                postcode: row.try_get("", "postcode")?,
                city: row.try_get("", "city")?,
                country: row.try_get("", "country")?,
            },
            roles,
            valid_from: sql::day(row, "valid_from")?,
            valid_to: row.try_get("", "valid_to")?,
            state: PartyState::parse(&state)
                .ok_or_else(|| anyhow::anyhow!("{state} is not a state of the register"))?,
            suspended_at: row.try_get("", "suspended_at")?,
            suspended_because: row.try_get("", "suspended_because")?,
            number: row.try_get("", "since")?,
        })
    }

    /// The operator `eori`, if it is in the register.
    pub(super) async fn find(connection: &impl ConnectionTrait, eori: &str) -> Result<Option<Self>, Failure> {
        // What cannot be an identification is in no register; nor need the database be asked.
        if eori.parse::<Eori>().is_err() {
            return Ok(None);
        }
        let statement = "SELECT * FROM parties WHERE eori = $1";
        let row = sql::one(connection, statement, vec![eori.into()]).await?;
        row.as_ref().map(Self::read).transpose()
    }

    /// Those of `eoris` that are in the register, in the order of their identifications.
    pub(super) async fn find_all(
        connection: &impl ConnectionTrait,
        eoris: &[String],
    ) -> Result<Vec<Self>, Failure> {
        let places = sql::places(1, eoris.len());
        let statement = format!("SELECT * FROM parties WHERE eori IN ({places}) ORDER BY eori");
        let values = eoris.iter().map(|eori| Value::from(eori.as_str())).collect();
        sql::all(connection, &statement, values).await?.iter().map(Self::read).collect()
    }

    /// Keeps the operator as it is now, and in the history what `event` made of it.
    pub(super) async fn save(
        &self,
        work: &Work,
        caller: &Caller,
        event: Option<PartyEvent>,
    ) -> Result<(), Failure> {
        const UPSERT: &str = "INSERT INTO parties (eori, name, street_and_number, postcode, city, country, \
             tags, roles, search, valid_from, valid_to, state, suspended_at, suspended_because, since) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             ON CONFLICT (eori) DO UPDATE SET name = excluded.name, \
             street_and_number = excluded.street_and_number, postcode = excluded.postcode, \
             city = excluded.city, country = excluded.country, tags = excluded.tags, \
             roles = excluded.roles, search = excluded.search, valid_from = excluded.valid_from, \
             valid_to = excluded.valid_to, state = excluded.state, suspended_at = excluded.suspended_at, \
             suspended_because = excluded.suspended_because, since = excluded.since";
        let roles = serde_json::to_string(&self.roles)?;
        let words: Vec<&str> = self.roles.iter().map(|role| role.role.as_str()).collect();
        let values: Vec<Value> = vec![
            self.eori.as_str().into(),
            self.name.as_str().into(),
            self.address.street_and_number.as_str().into(),
            self.address.postcode.clone().into(),
            self.address.city.as_str().into(),
            self.address.country.as_str().into(),
            format!(" {} ", words.join(" ")).into(),
            roles.into(),
            self.name.to_lowercase().into(),
            self.valid_from.into(),
            self.valid_to.into(),
            self.state.as_str().into(),
            self.suspended_at.into(),
            self.suspended_because.clone().into(),
            self.number.into(),
        ];
        sql::run(work.txn(), UPSERT, values).await?;
        self.remember(work, caller, event).await
    }

    async fn remember(&self, work: &Work, caller: &Caller, event: Option<PartyEvent>) -> Result<(), Failure> {
        let statement = "INSERT INTO party_history (eori, number, event, changed_at, changed_by, entry) \
                         VALUES ($1, $2, $3, $4, $5, $6)";
        let entry = serde_json::to_string(&self.clone().told(work.now()))?;
        let values: Vec<Value> = vec![
            self.eori.as_str().into(),
            self.number.into(),
            event.map_or("enter", PartyEvent::as_str).into(),
            work.now().into(),
            caller.actor.subject.as_str().into(),
            entry.into(),
        ];
        sql::run(work.txn(), statement, values).await?;
        Ok(())
    }

    /// The operators with `role` that `search` finds, one more than the page holds.
    pub(super) async fn page(
        connection: &impl ConnectionTrait,
        role: Option<&str>,
        search: Option<&str>,
        page: &Page,
    ) -> Result<Vec<Self>, Failure> {
        let mut query = Query::new("SELECT * FROM parties WHERE eori > ?", vec![page.after.as_str().into()]);
        if let Some(role) = role {
            query.tagged(role);
        }
        if let Some(search) = search {
            query.finds("eori", search);
        }
        query.add(" ORDER BY eori LIMIT ?", vec![page.limit().into()]);
        query.all(connection).await?.iter().map(Self::read).collect()
    }
}

/// The identifications of those that may not file.
pub(crate) async fn suspended(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let statement = "SELECT eori FROM parties WHERE state = $1 ORDER BY eori";
    let rows = sql::all(connection, statement, vec![PartyState::Suspended.as_str().into()]).await?;
    rows.iter().map(|row| row.try_get("", "eori")).collect()
}

/// Whether there is any operator in the register.
pub(super) async fn any(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::one(connection, "SELECT 1 FROM parties LIMIT 1", Vec::new()).await?.is_some())
}

/// The operators with an authorisation that simplifies transit on the day of `days`, and their authorisations.
pub(crate) async fn authorised(
    connection: &impl ConnectionTrait,
    days: &mut Days,
) -> Result<Vec<AuthorisedParty>, Failure> {
    let statement = "SELECT eori, roles, valid_from, valid_to FROM parties \
                     WHERE tags LIKE '% AEO %' OR tags LIKE '% C___ %' ORDER BY eori";
    let mut authorised = Vec::new();
    for row in sql::all(connection, statement, Vec::new()).await? {
        let roles: String = row.try_get("", "roles")?;
        let mut roles: Vec<PartyRole> = serde_json::from_str(&roles)?;
        roles.retain(PartyRole::simplifies_transit);
        if !roles.is_empty() && days.counts(sql::day(&row, "valid_from")?, row.try_get("", "valid_to")?) {
            authorised.push(AuthorisedParty { eori: row.try_get("", "eori")?, roles });
        }
    }
    Ok(authorised)
}
