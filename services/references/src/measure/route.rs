//! Use cases: let transit pass through a country, end that, list the countries.

use customs_kernel::{Caller, problem};
use customs_platform::{Acts, Answers, Failure, Work};
use customs_references_contract::{
    AddRouteCountry, EndRouteCountry, ListRouteCountries, RouteCountry, RouteCountryPage,
    problems::MEASURE_OVERLAPS,
};

use super::{Became, check_days, end_day, overlap, record, routes};
use crate::{
    App,
    dataset::ROUTE_COUNTRIES,
    page::{Page, check_country, check_day, require},
    version::Sequence,
};

impl Acts<AddRouteCountry> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: AddRouteCountry,
    ) -> Result<RouteCountry, Failure> {
        let valid_from = ask.valid_from.unwrap_or_else(|| work.now().date_naive());
        let route = RouteCountry { country: ask.country, valid_from, valid_to: ask.valid_to };
        let mut findings = Vec::new();
        check_country("/country", &route.country, &mut findings);
        check_days(route.valid_from, route.valid_to, &mut findings);
        require(findings)?;
        let sequence = Sequence::take(work).await?;
        let times = routes::times(work.txn(), &route.country).await?;
        let wanted = (route.valid_from, route.valid_to);
        // A time that ended on the day it began is a row as well, and leaves its day to be used.
        if times.iter().any(|time| overlap((time.valid_from, time.valid_to), wanted)) {
            let detail = format!("transit may pass through {} in a part of that time already", route.country);
            return Err(MEASURE_OVERLAPS.because(detail).at("/country").into());
        }
        if let Some(empty) = times.iter().find(|time| time.valid_from == route.valid_from) {
            routes::forget(work.txn(), empty).await?;
        }
        routes::insert(work.txn(), &route, sequence.next()).await?;
        let what = format!("route country {} from {}", route.country, route.valid_from);
        record(work, caller, sequence, ROUTE_COUNTRIES, (Became::New, what)).await?;
        self.hot().doubt();
        Ok(route)
    }
}

impl Acts<EndRouteCountry> for App {
    async fn act(
        &self,
        work: &mut Work,
        caller: &Caller,
        ask: EndRouteCountry,
    ) -> Result<RouteCountry, Failure> {
        let mut findings = Vec::new();
        check_country("/country", &ask.country, &mut findings);
        require(findings)?;
        let sequence = Sequence::take(work).await?;
        let missing = || {
            let detail = format!("transit never passed through {:?}", ask.country);
            problem::NOT_FOUND.because(detail).at("/country")
        };
        let times = routes::times(work.txn(), &ask.country).await?;
        let mut route = times.into_iter().next().ok_or_else(missing)?;
        let wanted = ask.valid_to.unwrap_or_else(|| work.now().date_naive());
        let to = end_day(route.valid_from, route.valid_to, wanted)?;
        routes::end(work.txn(), &route, to, sequence.next()).await?;
        route.valid_to = Some(to);
        let what = format!("route country {} ends on {to}", route.country);
        record(work, caller, sequence, ROUTE_COUNTRIES, (Became::Ended, what)).await?;
        self.hot().doubt();
        Ok(route)
    }
}

impl Answers<ListRouteCountries> for App {
    async fn answer(&self, _: &Caller, ask: ListRouteCountries) -> Result<RouteCountryPage, Failure> {
        let mut findings = Vec::new();
        let page = Page::read(ask.first, ask.after.as_deref(), &mut findings);
        check_day("/at", ask.at, &mut findings);
        require(findings)?;
        let etag = self.etag(ask.at).await?;
        let day = ask.at.unwrap_or_else(|| self.hot().today());
        let mut items = routes::page(self.store().reader(), day, &page).await?;
        let next = page.cut(&mut items, |route| route.country.clone());
        Ok(RouteCountryPage { items, next, etag })
    }
}
