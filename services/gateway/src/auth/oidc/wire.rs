//! Requests to the provider: short deadlines, no redirects, answers within bounds.

use std::time::Duration;

use reqwest::{
    Client, Method, RequestBuilder, StatusCode, Url,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
    redirect::Policy,
};
use serde::de::DeserializeOwned;

use super::trouble::Trouble;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(6);
/// The largest answer that is read, in octets.
const ANSWER_MAX: usize = 256 * 1024;

/// The way to the provider.
pub(super) struct Wire(Client);

/// What the provider has answered.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// For how many seconds it says that the answer is good.
    pub(super) max_age_s: Option<i64>,
    pub(super) body: Vec<u8>,
}

impl Wire {
    /// A way to any provider.
    pub(super) fn new() -> anyhow::Result<Self> {
        let client = Client::builder()
            .user_agent(concat!("ecustoms-sign-in/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .build()?;
        Ok(Self(client))
    }

    /// The document at `url`.
    pub(super) async fn get(&self, url: Url) -> Result<Answer, Trouble> {
        let answer = answer(self.0.request(Method::GET, url)).await?;
        if answer.status != StatusCode::OK {
            return Err(answer.trouble());
        }
        Ok(answer)
    }

    /// What is answered to `fields`, sent as a form to `url`, with the header `authorization` if there is one.
    pub(super) async fn post(
        &self,
        url: Url,
        fields: &[(&str, &str)],
        authorization: Option<String>,
    ) -> Result<Answer, Trouble> {
        let mut request = self.0.request(Method::POST, url);
        if let Some(authorization) = authorization {
            request = request.header(reqwest::header::AUTHORIZATION, authorization);
        }
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form(fields));
        answer(request).await
    }
}

impl Answer {
    /// The JSON of the answer.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        // What serde says may quote the answer: only the place is told.
        serde_json::from_slice(&self.body).map_err(|error| {
            Trouble::Unusable(format!("no such JSON at line {} column {}", error.line(), error.column()))
        })
    }

    /// What an answer is that is no success.
    pub(super) fn trouble(&self) -> Trouble {
        let what = format!("status {}", self.status.as_u16());
        if self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS {
            Trouble::Down(what)
        } else {
            Trouble::Unusable(what)
        }
    }
}

/// `fields` as a form.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("form:", fields).ok();
    url.and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
}

async fn answer(request: RequestBuilder) -> Result<Answer, Trouble> {
    let down = |error: reqwest::Error| Trouble::Down(error.without_url().to_string());
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(down)?;
    let status = response.status();
    let control = response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok());
    let max_age_s = control.and_then(max_age);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(down)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(Trouble::Unusable(format!("the answer is larger than {ANSWER_MAX} octets")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, max_age_s, body })
}

fn max_age(control: &str) -> Option<i64> {
    let mut said = control.split(',').map(str::trim);
    said.find_map(|one| one.strip_prefix("max-age=")).and_then(|seconds| seconds.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_written_as_browsers_write_it() {
        assert_eq!(form(&[("code", "a b+c&d"), ("x", "")]), "code=a+b%2Bc%26d&x=");
    }

    #[test]
    fn the_life_of_an_answer_is_read() {
        assert_eq!(max_age("public, max-age=300, must-revalidate"), Some(300));
        assert_eq!((max_age("no-store"), max_age("max-age=x")), (None, None));
    }
}
