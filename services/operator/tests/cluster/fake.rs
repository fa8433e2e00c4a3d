//! An API server in memory: enough of one for the operator, with the ways in which a real one refuses and breaks off.
//!
//! It lists and watches by resource version (a version that is forgotten is answered 410), refuses a replacement of
//! another version (409), applies as servers do (what a manager leaves out that only it has set is removed), keeps the
//! status apart, and counts generations.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::Method, web};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use super::object::{apply, is_selected, merge, subtract};

/// Where an object is: kind of resource (as in the path), namespace, name.
type Place = (String, String, String);

/// One change, as watchers hear of it.
#[derive(Clone)]
struct Change {
    version: u64,
    kind: String,
    namespace: String,
    what: &'static str,
    object: Value,
}

#[derive(Default)]
struct World {
    version: u64,
    objects: BTreeMap<Place, Value>,
    /// What each manager has applied to an object, and to which part of it.
    applied: HashMap<(Place, String, bool), Value>,
    changes: Vec<Change>,
    /// Versions up to this one are forgotten.
    forgotten: u64,
    /// How many requests fail from now on.
    failing: u32,
    /// Requests are not answered at all.
    is_silent: bool,
    requests: Vec<String>,
}

/// The server; clones are of the same.
#[derive(Clone)]
pub(crate) struct Fake {
    world: Arc<Mutex<World>>,
    news: broadcast::Sender<Change>,
    address: String,
}

impl Fake {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let (world, news) = (Arc::new(Mutex::new(World::default())), broadcast::channel(1_024).0);
        let mut fake = Self { world, news, address: String::new() };
        let serving = fake.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::PayloadConfig::new(4 << 20))
                .app_data(web::Data::new(serving.clone()))
                .default_service(web::to(answer))
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(0)
        .bind("127.0.0.1:0")
        .unwrap();
        fake.address = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        fake
    }

    /// A client of it.
    pub(crate) fn client(&self) -> kube::Client {
        let mut config = kube::Config::new(self.address.parse().unwrap());
        config.default_retry = false;
        kube::Client::try_from(config).unwrap()
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The next `requests` fail with 500.
    pub(crate) fn fail(&self, requests: u32) {
        self.world().failing = requests;
    }

    /// From now on nobody is answered; or is again.
    pub(crate) fn silence(&self, is_silent: bool) {
        self.world().is_silent = is_silent;
    }

    /// Forgets all versions so far and breaks off all watches: who comes back is answered 410.
    pub(crate) fn forget(&self) {
        let mut world = self.world();
        world.version += 10;
        world.forgotten = world.version;
        world.changes.clear();
        drop(world);
        let end = json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 410,
            "reason": "Expired", "message": "too old resource version" });
        let change = Change {
            version: u64::MAX,
            kind: String::new(),
            namespace: String::new(),
            what: "ERROR",
            object: end,
        };
        _ = self.news.send(change);
    }

    /// The methods and paths of all requests so far that changed something.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.world().requests.clone()
    }
}

/// What a path names.
struct Target {
    kind: String,
    group_version: String,
    namespace: String,
    name: Option<String>,
    is_status: bool,
}

fn target(path: &str) -> Option<Target> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (group_version, rest) = match parts.as_slice() {
        ["api", version, rest @ ..] => ((*version).to_owned(), rest),
        ["apis", group, version, rest @ ..] => (format!("{group}/{version}"), rest),
        _ => return None,
    };
    let (namespace, kind, rest) = match rest {
        ["namespaces", namespace, kind, rest @ ..] => (*namespace, *kind, rest),
        _ => return None,
    };
    Some(Target {
        kind: kind.to_owned(),
        group_version,
        namespace: namespace.to_owned(),
        name: rest.first().map(|name| (*name).to_owned()),
        is_status: rest.get(1) == Some(&"status"),
    })
}

async fn answer(
    fake: web::Data<Fake>,
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
    body: web::Bytes,
) -> HttpResponse {
    let is_silent = fake.world().is_silent;
    if is_silent {
        std::future::pending::<()>().await;
    }
    {
        let mut world = fake.world();
        if world.failing > 0 {
            world.failing -= 1;
            return refuse(500, "InternalError", "a failure that was asked for");
        }
    }
    let Some(target) = target(request.path()) else {
        return refuse(404, "NotFound", "no such path");
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if *request.method() != Method::GET {
        fake.world().requests.push(format!("{} {}", request.method(), request.path()));
    }
    match (request.method(), &target.name) {
        (&Method::GET, None) if query.get("watch").is_some_and(|watch| watch == "true") => {
            watch(&fake, target, &query)
        }
        (&Method::GET, None) => fake.list(&target, &query),
        (&Method::GET, Some(_)) => fake.get(&target),
        (&Method::POST, None) => fake.create(&target, body),
        (&Method::PUT, Some(_)) => fake.replace(&target, body),
        (&Method::PATCH, Some(_)) => {
            let content = request.headers().get("content-type").and_then(|text| text.to_str().ok());
            let manager = query.get("fieldManager").cloned().unwrap_or_default();
            match content {
                Some("application/apply-patch+yaml") => fake.apply(&target, &manager, &body),
                Some("application/merge-patch+json") => fake.merge(&target, &body),
                other => refuse(415, "UnsupportedMediaType", &format!("{other:?}")),
            }
        }
        (&Method::DELETE, Some(_)) => fake.delete(&target),
        _ => refuse(405, "MethodNotAllowed", "not here"),
    }
}

fn refuse(code: u16, reason: &str, message: &str) -> HttpResponse {
    let code_of = actix_web::http::StatusCode::from_u16(code).unwrap();
    HttpResponse::build(code_of).json(json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code,
    }))
}

impl Target {
    fn place(&self) -> Place {
        (self.kind.clone(), self.namespace.clone(), self.name.clone().unwrap_or_default())
    }
}

impl Fake {
    fn list(&self, target: &Target, query: &HashMap<String, String>) -> HttpResponse {
        let world = self.world();
        let selector = query.get("labelSelector").map(String::as_str).unwrap_or_default();
        let items: Vec<&Value> = world
            .objects
            .iter()
            .filter(|((kind, namespace, _), _)| *kind == target.kind && *namespace == target.namespace)
            .map(|(_, object)| object)
            .filter(|object| is_selected(object, selector))
            .collect();
        HttpResponse::Ok().json(json!({
            "apiVersion": target.group_version, "kind": "List",
            "metadata": { "resourceVersion": world.version.to_string() }, "items": items,
        }))
    }

    fn get(&self, target: &Target) -> HttpResponse {
        match self.world().objects.get(&target.place()) {
            Some(object) => HttpResponse::Ok().json(object),
            None => refuse(404, "NotFound", "no such object"),
        }
    }

    fn create(&self, target: &Target, mut body: Value) -> HttpResponse {
        let name = body["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let place = (target.kind.clone(), target.namespace.clone(), name.clone());
        let mut world = self.world();
        if world.objects.contains_key(&place) {
            return refuse(409, "AlreadyExists", &format!("{name} already exists"));
        }
        if is_ours(&target.group_version) {
            body.as_object_mut().unwrap().remove("status");
        }
        self.keep(&mut world, &place, None, body)
    }

    fn replace(&self, target: &Target, mut body: Value) -> HttpResponse {
        let mut world = self.world();
        let Some(before) = world.objects.get(&target.place()).cloned() else {
            return refuse(404, "NotFound", "no such object");
        };
        let asked = body["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        if !asked.is_empty() && before["metadata"]["resourceVersion"] != asked {
            return refuse(409, "Conflict", "the object has been modified");
        }
        if target.is_status {
            let mut after = before.clone();
            match body.get_mut("status") {
                Some(status) => after["status"] = status.take(),
                None => _ = after.as_object_mut().unwrap().remove("status"),
            }
            return self.keep(&mut world, &target.place(), Some(&before), after);
        }
        if is_ours(&target.group_version) {
            body["status"] = before["status"].clone();
        }
        self.keep(&mut world, &target.place(), Some(&before), body)
    }

    fn merge(&self, target: &Target, patch: &Value) -> HttpResponse {
        let mut world = self.world();
        let Some(before) = world.objects.get(&target.place()).cloned() else {
            return refuse(404, "NotFound", "no such object");
        };
        let mut after = before.clone();
        if target.is_status {
            merge(&mut after["status"], &patch["status"]);
        } else {
            let mut patch = patch.clone();
            patch.as_object_mut().unwrap().remove("status");
            merge(&mut after, &patch);
        }
        self.keep(&mut world, &target.place(), Some(&before), after)
    }

    fn apply(&self, target: &Target, manager: &str, patch: &Value) -> HttpResponse {
        let place = target.place();
        let mut world = self.world();
        let before = world.objects.get(&place).cloned();
        if before.is_none() && target.is_status {
            return refuse(404, "NotFound", "no such object");
        }
        let mut wanted = patch.clone();
        if target.is_status {
            wanted = json!({ "status": patch["status"] });
        }
        let key = (place.clone(), manager.to_owned(), target.is_status);
        let mut after = before.clone().unwrap_or_else(|| json!({}));
        if let Some(applied) = world.applied.get(&key) {
            subtract(&mut after, applied, &wanted);
        }
        apply(&mut after, &wanted);
        world.applied.insert(key, wanted);
        self.keep(&mut world, &place, before.as_ref(), after)
    }

    fn delete(&self, target: &Target) -> HttpResponse {
        let (place, mut world) = (target.place(), self.world());
        let Some(object) = world.objects.remove(&place) else {
            return refuse(404, "NotFound", "no such object");
        };
        world.applied.retain(|(at, _, _), _| *at != place);
        self.announce(&mut world, &place, "DELETED", object.clone());
        HttpResponse::Ok().json(object)
    }

    /// Keeps an object, unless nothing has changed, and tells the watchers.
    fn keep(
        &self,
        world: &mut World,
        place: &Place,
        before: Option<&Value>,
        mut after: Value,
    ) -> HttpResponse {
        let metadata = &mut after["metadata"];
        if let Some(before) = before {
            for key in ["uid", "creationTimestamp", "resourceVersion", "generation"] {
                metadata[key] = before["metadata"][key].clone();
            }
            if *before == after {
                return HttpResponse::Ok().json(after);
            }
            if before["spec"] != after["spec"] {
                let generation = before["metadata"]["generation"].as_i64().unwrap_or(1);
                after["metadata"]["generation"] = (generation + 1).into();
            }
        } else {
            metadata["uid"] = format!("uid-{}", world.version + 1).into();
            metadata["namespace"] = place.1.clone().into();
            metadata["generation"] = 1.into();
            metadata["creationTimestamp"] = "2026-11-30T00:00:00Z".into();
        }
        let what = if before.is_some() { "MODIFIED" } else { "ADDED" };
        let kept = self.announce(world, place, what, after);
        world.objects.insert(place.clone(), kept.clone());
        HttpResponse::Ok().json(kept)
    }

    fn announce(&self, world: &mut World, place: &Place, what: &'static str, mut object: Value) -> Value {
        world.version += 1;
        object["metadata"]["resourceVersion"] = world.version.to_string().into();
        let (kind, namespace) = (place.0.clone(), place.1.clone());
        let change = Change { version: world.version, kind, namespace, what, object: object.clone() };
        world.changes.push(change.clone());
        _ = self.news.send(change);
        object
    }
}

/// Only our own resources have a status that is written apart; of the others tests write what a cluster would.
fn is_ours(group_version: &str) -> bool {
    group_version.starts_with("ecustoms.dev/")
}

fn watch(fake: &Fake, target: Target, query: &HashMap<String, String>) -> HttpResponse {
    let since: u64 = query.get("resourceVersion").and_then(|text| text.parse().ok()).unwrap_or_default();
    let selector = query.get("labelSelector").cloned().unwrap_or_default();
    let world = fake.world();
    if since < world.forgotten {
        return refuse(410, "Expired", "too old resource version");
    }
    // Under the lock, so that nothing falls between what is past and what is to come.
    let coming = fake.news.subscribe();
    let past: Vec<Change> = world.changes.iter().filter(|change| change.version > since).cloned().collect();
    drop(world);
    let events = stream::unfold((past.into_iter(), coming, false), move |(mut past, mut coming, ended)| {
        let (kind, namespace, selector) = (target.kind.clone(), target.namespace.clone(), selector.clone());
        async move {
            loop {
                if ended {
                    return None;
                }
                let change = match past.next() {
                    Some(change) => change,
                    None => coming.recv().await.ok()?,
                };
                let is_end = change.version == u64::MAX;
                let concerns = change.kind == kind && change.namespace == namespace;
                if is_end || concerns && is_selected(&change.object, &selector) {
                    let line = json!({ "type": change.what, "object": change.object }).to_string() + "\n";
                    return Some((Ok::<_, actix_web::Error>(web::Bytes::from(line)), (past, coming, is_end)));
                }
            }
        }
    });
    HttpResponse::Ok().content_type("application/json").streaming(events)
}
