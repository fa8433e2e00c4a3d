//! The floor: the commits and confirmed messages of the scenario with nothing of customs in between.
//!
//! Three databases as schemas of one PostgreSQL: a declaration is kept and an order put into the outbox in one
//! commit; a relay publishes to a quorum queue with confirms; the guarantee's row is charged, the hold kept and
//! answered; the declaration is released and told of; a third service keeps the fact. Receivers keep an inbox
//! and take what is at hand in one transaction, relays send what is at hand in one batch: what a team writes that
//! knows how, and not less.

mod store;
mod wire;

use std::sync::Arc;

use anyhow::Context as _;
use customs_kernel::{Clock as _, id::uuid_at};
use customs_platform::SystemClock;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Duration, sleep, timeout},
};
use uuid::Uuid;

use self::wire::Wire;
use crate::{
    figures::Book,
    pace::{Pace, Places, drive, settle},
    paper::Paper,
    run::{Limits, Outcome, Watch},
    stock::{Dice, Sizes, Zipf},
    usage::Component,
};

/// A message of the floor, about as large as those of the suite.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Letter {
    id: Uuid,
    movement: Uuid,
    number: usize,
    guarantee: i32,
    text: String,
}

/// One database of the floor with the way out of it.
pub(crate) struct Place {
    database: DatabaseConnection,
    posted: Notify,
    /// Queue that its messages go to, by their kind.
    next: &'static str,
}

/// The floor, ready to run.
pub(crate) struct Floor {
    declarations: Arc<Place>,
    guarantees: Arc<Place>,
    records: Arc<Place>,
    rabbitmq_url: String,
    batch: usize,
    bodies: Vec<(usize, Arc<str>)>,
    zipf: Zipf,
}

/// What the floor is built from.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    /// PostgreSQL.
    pub(crate) postgres_url: String,
    /// RabbitMQ.
    pub(crate) rabbitmq_url: String,
    /// Connections of each of the three databases.
    pub(crate) connections: u32,
    /// Rows of guarantees.
    pub(crate) guarantees: usize,
    /// How many messages a receiver takes in one transaction at most.
    pub(crate) batch: usize,
}

impl Floor {
    /// Makes empty databases and queues on `ground`.
    pub(crate) async fn open(ground: &Ground) -> anyhow::Result<Self> {
        let place = async |schema: &str, next| -> anyhow::Result<Arc<Place>> {
            let database = store::open(&ground.postgres_url, schema, ground.connections).await?;
            Ok(Arc::new(Place { database, posted: Notify::new(), next }))
        };
        let declarations = place("floor_declarations", wire::GUARANTEES).await?;
        let guarantees = place("floor_guarantees", wire::DECLARATIONS).await?;
        let records = place("floor_records", wire::RECORDS).await?;
        store::fill_guarantees(&guarantees.database, ground.guarantees).await?;
        Wire::open(&ground.rabbitmq_url).await?.declare().await?;
        let bodies = [1, 5, 100, 999].map(|items| (items, body(items)));
        Ok(Self {
            declarations,
            guarantees,
            records,
            rabbitmq_url: ground.rabbitmq_url.clone(),
            batch: ground.batch.max(1),
            bodies: bodies.to_vec(),
            zipf: Zipf::of(ground.guarantees),
        })
    }

    /// Runs at `pace` within `limits`.
    pub(crate) async fn run(
        &self,
        pace: Pace,
        sizes: Sizes,
        limits: Limits,
        components: &[Component],
    ) -> anyhow::Result<Outcome> {
        let count = limits.count(pace);
        let (places, changed) = (Places::of(pace), Arc::new(Notify::new()));
        let book = Arc::new(Book::open(count));
        let mut tasks = self.relays().await?;
        self.receivers(&mut tasks, &book, &places, pace, &changed).await?;
        let watch = Watch::begin(components, limits);
        let start = |number: usize| {
            let (book, place) = (Arc::clone(&book), Arc::clone(&self.declarations));
            let mut dice = Dice::new(u64::try_from(number).unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let (_, size, which) = (dice.roll(), dice.roll(), dice.roll());
            let (guarantee, body) = (self.zipf.place(which), self.body(sizes.items(size >> 7)));
            async move {
                match accept(&place, number, guarantee, &body).await {
                    Ok(()) => book.accept(number),
                    Err(error) => eprintln!("the floor could not keep a declaration: {error:#}"),
                }
            }
        };
        let started = drive(&book, pace, &places, (count, limits.end_us()), start).await;
        let usage = watch.end().await?;
        let open = settle(&book, Duration::from_secs(30), &changed).await;
        tasks.shutdown().await;
        Ok(Outcome::new(&book, limits, usage, (started, open, 0)))
    }

    fn body(&self, items: usize) -> Arc<str> {
        let found = self.bodies.iter().find(|(size, _)| *size == items);
        found.map_or_else(|| body(items), |(_, body)| Arc::clone(body))
    }

    async fn relays(&self) -> anyhow::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        for place in [&self.declarations, &self.guarantees] {
            let (place, wire) = (Arc::clone(place), Wire::open(&self.rabbitmq_url).await?);
            tasks.spawn(async move {
                loop {
                    let _ = timeout(Duration::from_millis(200), place.posted.notified()).await;
                    while let Ok(true) = relay(&place, &wire).await {}
                }
            });
        }
        Ok(tasks)
    }

    async fn receivers(
        &self,
        tasks: &mut JoinSet<()>,
        book: &Arc<Book>,
        places: &Places,
        pace: Pace,
        changed: &Arc<Notify>,
    ) -> anyhow::Result<()> {
        for queue in [wire::GUARANTEES, wire::DECLARATIONS, wire::RECORDS] {
            let place = match queue {
                wire::GUARANTEES => &self.guarantees,
                wire::DECLARATIONS => &self.declarations,
                _ => &self.records,
            };
            let (place, batch) = (Arc::clone(place), self.batch);
            let mut inlet = Wire::open(&self.rabbitmq_url).await?.consume(queue).await?;
            let (book, places, changed) = (Arc::clone(book), places.clone(), Arc::clone(changed));
            tasks.spawn(async move {
                while let Some(letters) = inlet.next(batch).await {
                    while let Err(error) = receive(&place, queue, &letters).await {
                        eprintln!("the floor could not act on a message: {error:#}");
                        sleep(Duration::from_millis(50)).await;
                    }
                    inlet.acknowledge().await;
                    if queue == wire::RECORDS {
                        for letter in letters.iter().filter(|letter| book.finish(letter.number)) {
                            let _ = letter;
                            places.free(pace);
                        }
                        changed.notify_one();
                    }
                }
            });
        }
        Ok(())
    }
}

/// The declaration is kept, and the order to hold put into the outbox, in one commit.
async fn accept(place: &Place, number: usize, guarantee: usize, body: &str) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let letter = Letter {
        id: uuid_at(now),
        movement: uuid_at(now),
        number,
        guarantee: i32::try_from(guarantee).unwrap_or_default(),
        text: filler(300),
    };
    let txn = place.database.begin().await?;
    store::keep_movement(&txn, letter.movement, body, now).await?;
    store::post(&txn, place.next, std::slice::from_ref(&letter), now).await?;
    txn.commit().await?;
    place.posted.notify_one();
    Ok(())
}

/// What is at hand is acted on in one commit, each message once.
async fn receive(place: &Place, queue: &str, letters: &[Letter]) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let txn = place.database.begin().await?;
    let fresh = store::record(&txn, letters, now).await?;
    let told = |to: &'static str| {
        let answers = fresh.iter().map(|letter| Letter { id: uuid_at(now), ..(*letter).clone() });
        (to, answers.collect::<Vec<_>>())
    };
    let (to, answers) = match queue {
        wire::GUARANTEES => {
            store::hold(&txn, &fresh, now).await?;
            told(wire::DECLARATIONS)
        }
        wire::DECLARATIONS => {
            store::release(&txn, &fresh, now).await?;
            told(wire::RECORDS)
        }
        _ => {
            store::note(&txn, &fresh, now).await?;
            (wire::RECORDS, Vec::new())
        }
    };
    store::post(&txn, to, &answers, now).await?;
    txn.commit().await?;
    place.posted.notify_one();
    Ok(())
}

/// Publishes what stands in the outbox; whether there may be more.
async fn relay(place: &Place, wire: &Wire) -> anyhow::Result<bool> {
    let txn = place.database.begin().await?;
    let rows = store::outbox(&txn).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(false) };
    let numbers = (first.0, last.0);
    wire.publish(rows.iter().map(|(_, queue, body)| (queue.as_str(), body.as_str()))).await?;
    // Numbers between may belong to transactions that have not committed: only what was read goes.
    let list: Vec<String> = rows.iter().map(|(seq, ..)| seq.to_string()).collect();
    let sql = format!("DELETE FROM outbox WHERE seq BETWEEN $1 AND $2 AND seq IN ({})", list.join(", "));
    let statement =
        Statement::from_sql_and_values(txn.get_database_backend(), sql, [numbers.0.into(), numbers.1.into()]);
    txn.execute_raw(statement).await.context("the outbox")?;
    txn.commit().await?;
    Ok(rows.len() >= store::RELAY_MAX)
}

fn filler(octets: usize) -> String {
    "transit ".chars().cycle().take(octets).collect()
}

/// The declaration with so many items, as the suite gets it.
fn body(items: usize) -> Arc<str> {
    let paper = Paper {
        lrn: "L000000000000000001",
        identification: "M000000000000000001",
        holder: "KZ000000000000",
        grn: "26KZ0000000000017",
        access_code: "0000",
        items,
        at: SystemClock.now(),
    };
    paper.xml().into()
}
