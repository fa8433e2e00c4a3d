//! The tables of declarations as rows.

#![expect(unreachable_pub, reason = "the derive of entities makes public items of them")]

/// Movements.
pub(crate) mod movements {
    use sea_orm::entity::prelude::*;

    /// One movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lrn: String,
        pub lrn_claim: Option<String>,
        pub mrn: Option<String>,
        pub declarant: String,
        pub holder: String,
        pub representative: Option<String>,
        pub declaration_type: String,
        pub additional_type: String,
        pub simplified: bool,
        pub state: String,
        pub version: i64,
        pub declaration_version: i32,
        pub declaration: Uuid,
        pub departure_office: String,
        pub destination_office: String,
        pub transit_countries: String,
        pub items: i32,
        pub gross_mass_micro: i64,
        pub channel: Option<String>,
        pub attempt: i32,
        pub saga: Option<Uuid>,
        pub deadline: Option<String>,
        pub deadline_at: Option<DateTimeUtc>,
        pub messages: i64,
        pub events: i64,
        pub last_hash: String,
        pub submitted_at: DateTimeUtc,
        pub released_at: Option<DateTimeUtc>,
        pub changed_at: DateTimeUtc,
        pub carrier: Option<String>,
        pub goods: Option<String>,
        pub vehicle: Option<String>,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who may see a movement.
pub(crate) mod parties {
    use sea_orm::entity::prelude::*;

    /// One party of one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_parties")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub party: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Messages received and issued.
pub(crate) mod messages {
    use sea_orm::entity::prelude::*;

    /// One message of one dossier (a movement or an arrival).
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_messages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dossier: Uuid,
        pub sequence: i64,
        pub side: String,
        pub direction: String,
        pub message_type: String,
        pub identification: Option<String>,
        pub party: String,
        pub status: String,
        pub answers: Option<Uuid>,
        pub format: String,
        pub body: String,
        pub evidence: Option<String>,
        pub at: DateTimeUtc,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// History.
pub(crate) mod events {
    use sea_orm::entity::prelude::*;

    /// One event of one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sequence: i64,
        pub event: String,
        pub state: String,
        pub by: String,
        pub subject: Option<String>,
        pub office: Option<String>,
        pub reasons: String,
        pub ruleset: String,
        pub at: DateTimeUtc,
        pub hash: String,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Offices on the way.
pub(crate) mod offices {
    use sea_orm::entity::prelude::*;

    /// One office of one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_offices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub office: String,
        pub role: String,
        pub state: String,
        pub recorded_at: Option<DateTimeUtc>,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Arrivals.
pub(crate) mod arrivals {
    use sea_orm::entity::prelude::*;

    /// One arrival.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "arrivals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub movement: Option<Uuid>,
        pub mrn: String,
        pub trader: String,
        pub office: String,
        pub state: String,
        pub simplified: bool,
        pub unloading: i32,
        pub notification: Uuid,
        pub by_officer: bool,
        pub messages: i64,
        pub notified_at: DateTimeUtc,
        pub changed_at: DateTimeUtc,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Declarations as amended or presented.
pub(crate) mod versions {
    use sea_orm::entity::prelude::*;

    /// One version of one declaration, from the second on.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub body: String,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What officers have done.
pub(crate) mod acts {
    use sea_orm::entity::prelude::*;

    /// One act about one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_acts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub kind: String,
        pub office: String,
        pub subject: String,
        pub body: String,
        pub at: DateTimeUtc,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Notes between offices and declarants.
pub(crate) mod notes {
    use sea_orm::entity::prelude::*;

    /// One note about one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_notes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub movement: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub by: String,
        pub office: String,
        pub party: String,
        pub subject: String,
        pub text: String,
        pub language: Option<String>,
        pub answers: Option<i64>,
        pub asks_answer: bool,
        pub answer_by: Option<DateTimeUtc>,
        pub at: DateTimeUtc,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Files about movements.
pub(crate) mod files {
    use sea_orm::entity::prelude::*;

    /// One file about one movement.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "movement_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub movement: Uuid,
        pub name: String,
        pub media_type: String,
        pub octets: i64,
        pub sha256: String,
        pub by: String,
        pub office: Option<String>,
        pub subject: String,
        pub shown_to: Option<String>,
        pub act: Option<i64>,
        pub note: Option<i64>,
        pub at: DateTimeUtc,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What files hold, once for equal octets.
pub(crate) mod contents {
    use sea_orm::entity::prelude::*;

    /// The octets of files, by their hash.
    #[derive(Clone, Debug, DeriveEntityModel, PartialEq, Eq)]
    #[sea_orm(table_name = "file_contents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub sha256: String,
        pub octets: Vec<u8>,
    }

    /// No relations: every join is written where it is needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
