//! Sign-in by an outside provider, as a browser and its page go through it.

use std::sync::atomic::Ordering;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use customs_gateway::{ClientProof, GatewayConfig, LoginConfig};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
    sha::sha256,
};
use reqwest::{Client, Method, Response, Url, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    provider::Provider,
    stand::{Stand, json_of, problem_of},
};

/// The secret of the page.
pub(crate) const VERIFIER: &str = "a-secret-of-the-page-that-nobody-else-can-know";

/// A browser on its way.
pub(crate) struct Browser {
    client: Client,
    pub(crate) cookie: String,
    /// What the provider has sent it back with.
    pub(crate) answer: String,
}

pub(crate) fn binding() -> String {
    URL_SAFE_NO_PAD.encode(sha256(VERIFIER.as_bytes()))
}

/// The address to which `answer` sends the browser.
pub(crate) fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, cookie: String::new(), answer: String::new() }
    }

    pub(crate) async fn get(&self, url: &str) -> Response {
        self.client.get(url).header("cookie", &self.cookie).send().await.unwrap()
    }

    /// Begins at the gateway at `url` with further `parameters`, and agrees at the provider.
    pub(crate) async fn begin(url: &str, parameters: &str) -> Self {
        let mut browser = Self::new();
        let asked = browser.get(&format!("{url}/auth/oidc/start?binding={}{parameters}", binding())).await;
        let cookie = asked.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly; SameSite=Lax; Path=/; Max-Age=600"), "{cookie}");
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        let agreed = browser.get(&location(&asked)).await;
        let back = Url::parse(&location(&agreed)).unwrap();
        assert_eq!(back.path(), "/auth/oidc/callback");
        back.query().unwrap().clone_into(&mut browser.answer);
        browser
    }

    /// Comes back to the gateway at `url`.
    pub(crate) async fn come_back(&self, url: &str) -> Response {
        self.get(&format!("{url}/auth/oidc/callback?{}", self.answer)).await
    }

    /// The ticket with which the gateway at `url` sends it to the page.
    pub(crate) async fn ticket(&self, url: &str) -> String {
        let answer = self.come_back(url).await;
        assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        location(&answer).split_once("#ticket=").unwrap().1.to_owned()
    }
}

/// A gateway with the provider.
pub(crate) async fn stand(provider: &Provider) -> Stand {
    stand_with(provider, GatewayConfig::default()).await
}

pub(crate) async fn stand_with(provider: &Provider, config: GatewayConfig) -> Stand {
    let oidc = config.oidc.clone().unwrap_or_else(|| provider.config());
    let stand = Stand::with(GatewayConfig { oidc: Some(oidc), ..config }).await;
    provider.live_by(&stand.clock);
    stand
}

/// What the gateway at `url` gives for `ticket`.
pub(crate) async fn open(url: &str, ticket: &str, organisation: Option<&str>) -> Response {
    let mut body = json!({"ticket": ticket, "verifier": VERIFIER});
    if let Some(organisation) = organisation {
        body["organisation"] = json!(organisation);
    }
    Client::new().post(format!("{url}/auth/oidc/token")).json(&body).send().await.unwrap()
}

async fn session(stand: &Stand) -> Value {
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    json_of(open(&stand.url, &ticket, None).await, 200).await
}

#[actix_web::test]
async fn whom_the_provider_vouches_for_is_signed_in_and_marked_so() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let session = session(&stand).await;
    assert_eq!((&session["party"], &session["amr"]), (&json!("KZ1"), &json!(["fed"])));
    assert_eq!(session["name"], "A Person");
    let token = session["accessToken"].as_str().unwrap();
    let viewer = stand.ask(Method::GET, "/auth/session").bearer_auth(token).send().await.unwrap();
    let viewer = json_of(viewer, 200).await;
    assert_eq!((&viewer["roles"], &viewer["amr"]), (&json!(["declarant"]), &json!(["fed"])));
    let key = stand.token(&[customs_web_broker_contract::MemberRole::Declarant]).await;
    let viewer = stand.ask(Method::GET, "/auth/session").bearer_auth(key).send().await.unwrap();
    assert_eq!(json_of(viewer, 200).await["amr"], json!(["pop"]));
}

#[actix_web::test]
async fn a_session_by_the_provider_stays_one_and_ends_there_too() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let token = session(&stand).await["accessToken"].as_str().unwrap().to_owned();
    let renewed = stand.ask(Method::POST, "/auth/refresh").bearer_auth(token).send().await.unwrap();
    let renewed = json_of(renewed, 200).await;
    assert_eq!(renewed["amr"], json!(["fed"]));
    let out = |token: String| stand.ask(Method::POST, "/auth/logout").bearer_auth(token).send();
    let closed = json_of(out(renewed["accessToken"].as_str().unwrap().to_owned()).await.unwrap(), 200).await;
    let end = Url::parse(closed["endSessionUrl"].as_str().unwrap()).unwrap();
    assert!(end.as_str().starts_with(&format!("{}/logout?", provider.url)), "{end}");
    assert!(end.query().unwrap().contains("post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2F"));
    let key = stand.token(&[customs_web_broker_contract::MemberRole::Declarant]).await;
    assert_eq!(json_of(out(key).await.unwrap(), 200).await["endSessionUrl"], Value::Null);
}

#[actix_web::test]
async fn the_page_is_told_of_the_provider_and_goes_by_graphql() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    let ways = json_of(stand.ask(Method::GET, "/auth/ways").send().await.unwrap(), 200).await;
    let label = json!([{"language": "en", "text": "By the state"}]);
    assert_eq!(ways["provider"], json!({"start": "/auth/oidc/start", "labels": label}));
    let post = |query: &str, variables: Value| {
        stand.ask(Method::POST, "/graphql").json(&json!({"query": query, "variables": variables})).send()
    };
    let told = post("{ signInWays { provider { start labels { language text } } } }", json!({}));
    let told = json_of(told.await.unwrap(), 200).await;
    assert_eq!(told["data"]["signInWays"]["provider"]["start"], "/auth/oidc/start");
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    let query = "mutation($input: OpenProviderSession!) { \
                 openProviderSession(input: $input) { session { accessToken party amr name } } }";
    let input = json!({"input": {"ticket": ticket, "verifier": VERIFIER}});
    let opened = json_of(post(query, input.clone()).await.unwrap(), 200).await;
    assert_eq!(opened["data"]["openProviderSession"]["session"]["party"], "KZ1", "{opened}");
    let again = json_of(post(query, input).await.unwrap(), 200).await;
    assert_eq!(again["errors"][0]["extensions"]["code"], "provider-ticket-refused");
}

#[actix_web::test]
async fn a_person_of_two_organisations_says_for_which_with_the_same_ticket() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    *stand.services.organisations.lock().unwrap() = vec!["KZ1".to_owned(), "KZ2".to_owned()];
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    let unclear = problem_of(open(&stand.url, &ticket, None).await, 409).await;
    assert_eq!(unclear["code"], "organisation-unclear");
    let session = json_of(open(&stand.url, &ticket, Some("KZ2")).await, 200).await;
    assert_eq!(session["party"], "KZ2");
    let again = problem_of(open(&stand.url, &ticket, Some("KZ2")).await, 401).await;
    assert_eq!(
        (&again["code"], &again["errors"][0]["pointer"]),
        (&json!("provider-ticket-refused"), &json!("/ticket"))
    );
}

#[actix_web::test]
async fn the_person_comes_to_the_page_they_wanted_and_to_no_other_place() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    for (to, page) in [
        ("%2Fdesk%2Fmovements%3Fstate%3Dreleased", "/?to=%2Fdesk%2Fmovements%3Fstate%3Dreleased#ticket="),
        ("https%3A%2F%2Fevil.example%2Fdesk", "/#ticket="),
        ("%2F%2Fevil.example", "/#ticket="),
        ("%2Fdesk%2F..%2F%2Fevil.example", "/#ticket="),
    ] {
        let browser = Browser::begin(&stand.url, &format!("&to={to}&language=kk")).await;
        let page_given = location(&browser.come_back(&stand.url).await);
        assert!(page_given.starts_with(page), "{page_given}");
    }
}

#[actix_web::test]
async fn the_provider_is_asked_for_what_is_set() {
    let provider = Provider::start();
    let mut oidc = provider.config();
    oidc.acr_values = vec!["high".to_owned(), "higher".to_owned()];
    oidc.max_age_s = Some(300);
    oidc.redirect_bases = vec!["https://desk.example".to_owned()];
    let config = GatewayConfig { oidc: Some(oidc), ..GatewayConfig::default() };
    let stand = stand_with(&provider, config).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let url = format!("{}/auth/oidc/start?binding={}&language=ru", stand.url, binding());
    let asked = client.get(&url).header("host", "desk.example").send().await.unwrap();
    let cookie = asked.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-ecustoms-provider=") && cookie.contains("; Secure"), "{cookie}");
    let address = location(&asked);
    for part in [
        "redirect_uri=https%3A%2F%2Fdesk.example%2Fauth%2Foidc%2Fcallback&",
        "scope=openid+profile&",
        "acr_values=high+higher&",
        "max_age=300&",
        "ui_locales=ru",
    ] {
        assert!(address.contains(part), "{part} {address}");
    }
    let foreign = client.get(&url).header("host", "evil.example").send().await.unwrap();
    assert!(location(&foreign).contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fauth"));
    provider.claim(|claims| claims["acr"] = json!("higher"));
    let ticket = Browser::begin(&stand.url, "").await.ticket(&stand.url).await;
    json_of(open(&stand.url, &ticket, None).await, 200).await;
}

#[actix_web::test]
async fn the_client_shows_a_key_where_it_has_no_secret() {
    let provider = Provider::start();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let mut oidc = provider.config();
    oidc.proof = ClientProof::Key(pem);
    let config = GatewayConfig { oidc: Some(oidc), ..GatewayConfig::default() };
    let stand = stand_with(&provider, config).await;
    assert_eq!(session(&stand).await["party"], "KZ1");
}

#[actix_web::test]
async fn keys_may_change_and_an_unknown_one_is_searched_for_once() {
    let provider = Provider::start();
    let stand = stand(&provider).await;
    session(&stand).await;
    let asked = || provider.fake.discoveries.load(Ordering::Relaxed);
    assert_eq!(asked(), 1);
    provider.rotate("second", false);
    session(&stand).await;
    assert_eq!(asked(), 2);
    // A second search within a minute is not made, whatever the token names.
    provider.rotate("third", false);
    let refused = Browser::begin(&stand.url, "").await.come_back(&stand.url).await;
    let refused = problem_of(refused, 401).await;
    assert_eq!(refused["code"], "provider-signature-refused");
    assert_eq!(refused["errors"][0]["pointer"], "/id_token/kid");
    assert_eq!(asked(), 2);
    stand.clock.advance(TimeDelta::seconds(60));
    session(&stand).await;
    assert_eq!(asked(), 3);
    // What is known is asked for anew when the life that the provider gave it is over.
    stand.clock.advance(TimeDelta::minutes(15));
    session(&stand).await;
    assert_eq!(asked(), 4);
}

#[actix_web::test]
async fn a_sign_in_begins_and_ends_at_any_replica_and_counts_once_at_all() {
    let provider = Provider::start();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let pem = String::from_utf8(key.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let login = LoginConfig { key_pem: Some(pem), ..LoginConfig::default() };
    let stand = stand_with(&provider, GatewayConfig { login, ..GatewayConfig::default() }).await;
    let (other, server) = stand.replica();
    let browser = Browser::begin(&stand.url, "").await;
    let ticket = browser.ticket(&other).await;
    let again = problem_of(browser.come_back(&stand.url).await, 401).await;
    assert_eq!(again["code"], "provider-state-refused");
    let session = json_of(open(&stand.url, &ticket, None).await, 200).await;
    let again = problem_of(open(&other, &ticket, None).await, 401).await;
    assert_eq!(again["code"], "provider-ticket-refused");
    let token = session["accessToken"].as_str().unwrap();
    let viewer = Client::new().get(format!("{other}/auth/session")).bearer_auth(token).send().await.unwrap();
    assert_eq!(json_of(viewer, 200).await["party"], "KZ1");
    server.stop(false).await;
}
