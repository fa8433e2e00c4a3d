//! `ecustoms`: the electronic customs system in one program, every role by a sub-command.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use ecustoms::{commands, config::Config};

/// Many small pieces come and go on many threads: this allocator takes less time over it than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The electronic customs system.
#[derive(Parser)]
#[command(version, about, propagate_version = true)]
struct Cli {
    /// Configuration file (TOML); `ECUSTOMS_*` variables override it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the whole suite in this process.
    Up(Up),
    /// Run one or more services of a distributed suite in this process.
    Serve(Serve),
    /// Bring the databases of all services, or of those named, to the present schema.
    Migrate {
        /// Services; all unless named.
        services: Vec<String>,
    },
    /// Print a public contract.
    Schema {
        /// Which one.
        kind: Schema,
    },
    /// Reference data.
    #[command(subcommand)]
    Reference(commands::Reference),
    /// Operate the bus.
    #[command(subcommand)]
    Bus(Bus),
    /// Run the operator of a Kubernetes cluster: trust, reference data and dead letters as resources.
    Operator(commands::Operator),
    /// Ask a suite from outside whether it serves: health, REST, GraphQL, a log-in by a signed challenge.
    Probe(Probe),
    /// Verify a signature or a certification path; exit status 0 passed, 1 failed, 2 indeterminate.
    #[command(subcommand)]
    Verify(commands::Verify),
    /// Sign what a system sends.
    #[command(subcommand)]
    Sign(commands::Sign),
    /// Messages of the transit system, without a server.
    #[command(subcommand)]
    Message(commands::Message),
    /// The rules on the content of messages.
    #[command(subcommand)]
    Rules(commands::RulesCommand),
    /// Run a published suite of cases.
    #[command(subcommand)]
    Conformance(commands::Conformance),
    /// Play a procedure against a running suite, as an outside client.
    #[command(subcommand)]
    Demo(Demo),
    /// What can be done in a sandbox only: move its clock, let robots stand for its officers.
    #[command(subcommand)]
    Sandbox(commands::SandboxCommand),
}

#[derive(Args)]
struct Up {
    /// Fill the suite with a small demo nation.
    #[arg(long)]
    demo: bool,
    /// Let robots stand for the officers of the demo nation.
    #[arg(long, requires = "demo")]
    officers: bool,
    /// Where databases, keys and certificates are kept.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
}

#[derive(Args)]
struct Serve {
    /// Services of this process: gateway, declarations, guarantees, references, web-broker, notifications, statistics.
    #[arg(required = true)]
    services: Vec<String>,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// Offer what only a sandbox has: the keys of the demo nation and a clock that can be moved.
    #[arg(long)]
    demo: bool,
    /// Where keys and certificates of a sandbox are kept.
    #[arg(long)]
    data_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Schema {
    /// The GraphQL schema (SDL).
    Graphql,
    /// The `OpenAPI` 3.1 document.
    Openapi,
    /// The `AsyncAPI` 3 document of events.
    Asyncapi,
    /// The tables of states, as a page in Markdown.
    States,
    /// The definitions of the operator's resources (YAML).
    Crds,
}

#[derive(Args)]
struct Probe {
    #[command(flatten)]
    client: commands::Client,
    /// Ask again and again, with so many seconds between, and tell the outcome at `--listen`.
    #[arg(long, requires = "listen")]
    every: Option<u64>,
    /// Address and port of `/status`, `/metrics` and `/livez` while it asks again and again.
    #[arg(long, requires = "every")]
    listen: Option<String>,
}

#[derive(Subcommand)]
enum Bus {
    /// Messages that could not be acted on.
    #[command(subcommand)]
    DeadLetters(Box<DeadLetters>),
    /// After a broker was lost: publish again what it had confirmed; what has taken effect already does not again.
    TellAgain {
        /// Events that were told at this instant or later; they are kept for three days.
        #[arg(long)]
        since: chrono::DateTime<chrono::Utc>,
        /// Services that told them; all unless named.
        services: Vec<String>,
    },
}

#[derive(Subcommand)]
enum DeadLetters {
    /// List them, oldest first, of all services or of one.
    List {
        #[command(flatten)]
        client: commands::Client,
        /// Only of this service.
        #[arg(long)]
        service: Option<String>,
    },
    /// Show one with its content and the reason.
    Read {
        #[command(flatten)]
        client: commands::Client,
        /// The service that could not act on it.
        service: String,
        /// The message.
        id: uuid::Uuid,
    },
    /// Print the ids of those that are meant, oldest first.
    Select {
        #[command(flatten)]
        client: commands::Client,
        #[command(flatten)]
        selection: commands::Selection,
        /// The service that could not act on them.
        service: String,
    },
    /// Try some again, one after the other: what takes effect leaves the list.
    Replay {
        #[command(flatten)]
        client: commands::Client,
        /// Write what became of them, as JSON, to this file; a letter that fails again is no failure then.
        #[arg(long)]
        report: Option<PathBuf>,
        /// The service that could not act on them.
        service: String,
        /// The messages.
        #[arg(required = true)]
        ids: Vec<uuid::Uuid>,
    },
}

#[derive(Subcommand)]
enum Demo {
    /// A transit movement from declaration to discharge, and its failure twin.
    Transit {
        /// Base address of the suite.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
        url: String,
    },
    /// Print an access token of somebody of the demo nation, for curl and other tools.
    Token {
        /// Log-in name, as `ecustoms up --demo` lists them.
        #[arg(long, default_value = "declarant")]
        login: String,
        /// Base address of the suite.
        #[arg(long, default_value = "http://127.0.0.1:8080", env = "ECUSTOMS_URL")]
        url: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            error
                .downcast_ref::<commands::Verdict>()
                .map_or(ExitCode::FAILURE, |verdict| ExitCode::from(verdict.status()))
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command tells a person why it failed")]
fn complain(error: &anyhow::Error) {
    eprintln!("ecustoms: {error:#}");
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let config = |data_dir: Option<PathBuf>, listen: Option<String>| -> anyhow::Result<Config> {
        let mut config = Config::load(cli.config.as_ref())?;
        config.data_dir = data_dir.unwrap_or(config.data_dir);
        config.listen = listen.unwrap_or(config.listen);
        Ok(config)
    };
    let system = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match cli.command {
        Command::Up(up) => {
            system.block_on(commands::up(config(up.data_dir, up.listen)?, up.demo, up.officers))
        }
        Command::Serve(serve) => system.block_on(commands::serve(
            config(serve.data_dir, serve.listen)?,
            serve.services,
            serve.demo,
        )),
        Command::Migrate { services } => system.block_on(commands::migrate(&config(None, None)?, &services)),
        Command::Schema { kind } => match kind {
            Schema::Graphql => commands::schema_graphql(),
            Schema::Openapi => commands::schema_openapi(),
            Schema::Asyncapi => commands::schema_asyncapi(),
            Schema::States => commands::schema_states(),
            Schema::Crds => commands::schema_crds(),
        },
        Command::Reference(what) => system.block_on(commands::reference(&what)),
        Command::Operator(how) => system.block_on(commands::operator(&config(None, None)?, &how)),
        Command::Bus(Bus::DeadLetters(command)) => system.block_on(dead_letters(*command)),
        Command::Bus(Bus::TellAgain { since, services }) => {
            system.block_on(commands::tell_again(&config(None, None)?, since, &services))
        }
        Command::Probe(Probe { client, every, listen }) => system.block_on(async {
            match (every, listen) {
                (Some(every), Some(listen)) => {
                    commands::watch(client, &listen, Duration::from_secs(every)).await
                }
                _ => commands::probe(&client).await,
            }
        }),
        Command::Verify(what) => commands::verify(&what),
        Command::Sign(what) => commands::sign(&what),
        Command::Message(what) => commands::message(&what),
        Command::Rules(what) => commands::rules(&what),
        Command::Conformance(what) => system.block_on(commands::conformance(&what)),
        Command::Demo(Demo::Transit { url }) => system.block_on(ecustoms::demo::transit(&url)),
        Command::Sandbox(what) => system.block_on(commands::sandbox(what)),
        Command::Demo(Demo::Token { login, url }) => system.block_on(commands::demo_token(&url, &login)),
    }
}

async fn dead_letters(command: DeadLetters) -> anyhow::Result<()> {
    match command {
        DeadLetters::List { client, service } => {
            commands::dead_letters_list(&client, service.as_deref()).await
        }
        DeadLetters::Read { client, service, id } => commands::dead_letters_read(&client, &service, id).await,
        DeadLetters::Select { client, selection, service } => {
            commands::dead_letters_select(&client, &service, &selection).await
        }
        DeadLetters::Replay { client, report, service, ids } => {
            commands::dead_letters_replay(&client, &service, &ids, report.as_deref()).await
        }
    }
}
