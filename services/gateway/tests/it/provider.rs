//! An outside provider of identities on a real port: OIDC with keys that rotate and answers that can be spoiled.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use customs_gateway::{ClientProof, OidcConfig};
use customs_kernel::{Clock as _, ManualClock};
use customs_web_broker_contract::NumberScheme;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use openssl::{
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
    sha::sha256,
};
use reqwest::Url;
use serde_json::{Value, json};

/// What the client is called, and what it shows.
pub(crate) const CLIENT: &str = "customs";
const SECRET: &str = "a secret: with % and +";

/// Writes the ID token from what it should say.
pub(crate) type Scribe = Box<dyn Fn(&Fake, Value) -> String + Send>;
/// Spoils a document.
pub(crate) type Spoil = Box<dyn Fn(&mut Value) + Send>;

/// A running provider.
pub(crate) struct Provider {
    pub(crate) url: String,
    pub(crate) fake: Arc<Fake>,
    server: ServerHandle,
}

/// What stands behind it.
pub(crate) struct Fake {
    issuer: Mutex<String>,
    clock: Mutex<Option<Arc<ManualClock>>>,
    /// The keys that are published; the last one signs.
    keys: Mutex<Vec<Signing>>,
    codes: Mutex<HashMap<String, Granted>>,
    pub(crate) discoveries: AtomicU32,
    pub(crate) exchanges: AtomicU32,
    number: AtomicU32,
    /// How the document at the well-known address differs from a good one.
    pub(crate) document: Mutex<Option<Spoil>>,
    /// How the claims of the next ID tokens differ from good ones.
    pub(crate) claims: Mutex<Option<Spoil>>,
    pub(crate) scribe: Mutex<Option<Scribe>>,
    /// What the token endpoint answers in place of tokens.
    pub(crate) answer: Mutex<Option<(u16, String)>>,
    /// Whether the provider answers nothing but 503.
    pub(crate) down: Mutex<bool>,
}

/// A key and its public form.
#[derive(Clone)]
pub(crate) struct Signing {
    secret: EncodingKey,
    pub(crate) published: Value,
}

/// What a code was given for.
struct Granted {
    redirect_uri: String,
    challenge: String,
    nonce: String,
}

impl Signing {
    /// A fresh key of P-256 called `id`.
    pub(crate) fn fresh(id: &str) -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let (mut x, mut y, mut ctx) =
            (BigNum::new().unwrap(), BigNum::new().unwrap(), BigNumContext::new().unwrap());
        key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut ctx).unwrap();
        let text = |number: &BigNum| URL_SAFE_NO_PAD.encode(number.to_vec_padded(32).unwrap());
        let published = json!({
            "kty": "EC", "crv": "P-256", "x": text(&x), "y": text(&y), "kid": id, "use": "sig", "alg": "ES256",
        });
        let secret = PKey::from_ec_key(key).unwrap().private_key_to_pkcs8().unwrap();
        Self { secret: EncodingKey::from_ec_der(&secret), published }
    }

    /// `claims` signed by it.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = self.published["kid"].as_str().map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &self.secret).unwrap()
    }
}

impl Provider {
    /// A provider with one key.
    pub(crate) fn start() -> Self {
        let fake = Arc::new(Fake {
            issuer: Mutex::default(),
            clock: Mutex::default(),
            keys: Mutex::new(vec![Signing::fresh("first")]),
            codes: Mutex::default(),
            discoveries: AtomicU32::new(0),
            exchanges: AtomicU32::new(0),
            number: AtomicU32::new(0),
            document: Mutex::default(),
            claims: Mutex::default(),
            scribe: Mutex::default(),
            answer: Mutex::default(),
            down: Mutex::default(),
        });
        let shared = web::Data::from(Arc::clone(&fake));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/.well-known/openid-configuration", web::get().to(discovery))
                .route("/keys", web::get().to(keys))
                .route("/authorize", web::get().to(authorize))
                .route("/token", web::post().to(token))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        url.clone_into(&mut fake.issuer.lock().unwrap());
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, fake, server: handle }
    }

    /// How a gateway is set that uses it.
    pub(crate) fn config(&self) -> OidcConfig {
        OidcConfig {
            issuer: self.url.clone(),
            client_id: CLIENT.to_owned(),
            proof: ClientProof::Secret(SECRET.to_owned()),
            scopes: vec!["profile".to_owned()],
            claim: "iin".to_owned(),
            scheme: NumberScheme::KzIin,
            labels: std::iter::once(("en".to_owned(), "By the state".to_owned())).collect(),
            redirect_bases: Vec::new(),
            acr_values: Vec::new(),
            max_age_s: None,
        }
    }

    /// Makes the provider live by `clock`.
    pub(crate) fn live_by(&self, clock: &Arc<ManualClock>) {
        *self.fake.clock.lock().unwrap() = Some(Arc::clone(clock));
    }

    /// Signs with a fresh key from now on; the one before stays published if it `stays`.
    pub(crate) fn rotate(&self, id: &str, stays: bool) {
        let mut keys = self.fake.keys.lock().unwrap();
        if !stays {
            keys.clear();
        }
        keys.push(Signing::fresh(id));
    }

    /// Spoils the claims of the next ID tokens.
    pub(crate) fn claim(&self, spoil: impl Fn(&mut Value) + Send + 'static) {
        *self.fake.claims.lock().unwrap() = Some(Box::new(spoil));
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Fake {
    fn now(&self) -> i64 {
        self.clock.lock().unwrap().as_ref().unwrap().now().timestamp()
    }

    /// The key that signs.
    pub(crate) fn key(&self) -> Signing {
        self.keys.lock().unwrap().last().unwrap().clone()
    }

    fn is_down(&self) -> bool {
        *self.down.lock().unwrap()
    }
}

async fn discovery(fake: web::Data<Fake>) -> HttpResponse {
    fake.discoveries.fetch_add(1, Ordering::Relaxed);
    if fake.is_down() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let issuer = fake.issuer.lock().unwrap().clone();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    if let Some(spoil) = fake.document.lock().unwrap().as_ref() {
        spoil(&mut document);
    }
    HttpResponse::Ok().json(document)
}

async fn keys(fake: web::Data<Fake>) -> HttpResponse {
    if fake.is_down() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let keys: Vec<Value> = fake.keys.lock().unwrap().iter().map(|key| key.published.clone()).collect();
    HttpResponse::Ok().insert_header(("cache-control", "max-age=900")).json(json!({"keys": keys}))
}

/// The page of the provider, where the person agrees at once.
async fn authorize(fake: web::Data<Fake>, request: HttpRequest) -> HttpResponse {
    let url = Url::parse(&format!("http://provider{}", request.uri())).unwrap();
    let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], CLIENT);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
    let code = format!("code-{}", fake.number.fetch_add(1, Ordering::Relaxed));
    let granted = Granted {
        redirect_uri: asked["redirect_uri"].clone(),
        challenge: asked["code_challenge"].clone(),
        nonce: asked["nonce"].clone(),
    };
    fake.codes.lock().unwrap().insert(code.clone(), granted);
    let issuer = fake.issuer.lock().unwrap().clone();
    let pairs = [("code", &code), ("state", &asked["state"]), ("iss", &issuer)];
    let back = Url::parse_with_params(&asked["redirect_uri"], pairs).unwrap();
    HttpResponse::SeeOther().insert_header(("location", back.as_str())).finish()
}

/// Exchanges a code once, for whoever shows the secret and the verifier.
async fn token(
    fake: web::Data<Fake>,
    request: HttpRequest,
    form: web::Form<HashMap<String, String>>,
) -> HttpResponse {
    fake.exchanges.fetch_add(1, Ordering::Relaxed);
    if fake.is_down() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    if let Some((status, body)) = fake.answer.lock().unwrap().clone() {
        return HttpResponse::build(status.try_into().unwrap()).body(body);
    }
    let pair = STANDARD.encode(format!("{CLIENT}:a+secret%3A+with+%25+and+%2B"));
    let basic = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let by_key = form.get("client_assertion").is_some_and(|assertion| assertion.split('.').count() == 3);
    if basic != Some(format!("Basic {pair}").as_str()) && !by_key {
        return HttpResponse::Unauthorized().json(json!({"error": "invalid_client"}));
    }
    let granted = fake.codes.lock().unwrap().remove(&form["code"]);
    let granted = granted.filter(|granted| {
        granted.redirect_uri == form["redirect_uri"]
            && granted.challenge == URL_SAFE_NO_PAD.encode(sha256(form["code_verifier"].as_bytes()))
            && form["grant_type"] == "authorization_code"
    });
    let Some(granted) = granted else {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_grant"}));
    };
    let access_token = "an access token";
    let hash = sha256(access_token.as_bytes());
    let now = fake.now();
    let mut claims = json!({
        "iss": fake.issuer.lock().unwrap().clone(), "sub": "person-1", "aud": CLIENT, "nonce": granted.nonce,
        "iat": now, "exp": now + 300, "auth_time": now, "at_hash": URL_SAFE_NO_PAD.encode(&hash[..16]),
        "iin": "990101300125",
    });
    if let Some(spoil) = fake.claims.lock().unwrap().as_ref() {
        spoil(&mut claims);
    }
    let id_token = match fake.scribe.lock().unwrap().as_ref() {
        Some(scribe) => scribe(&fake, claims),
        None => fake.key().sign(&claims),
    };
    HttpResponse::Ok().json(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
    }))
}
