//! Schedules: five fields of cron in a time zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

/// How far is looked for the next instant: longer than from one 29 February to the next, also around 2100.
const DAYS_MAX: u64 = 366 * 9;

/// When something is due.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    minutes: Vec<u32>,
    hours: Vec<u32>,
    days: Vec<u32>,
    months: Vec<u32>,
    weekdays: Vec<u32>,
    /// Both day and weekday are restricted: either will do.
    is_either: bool,
    zone: Tz,
}

impl Schedule {
    /// Reads `minute hour day month weekday`; UTC unless a zone is named.
    pub(crate) fn parse(text: &str, zone: Option<&str>) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err(format!("a schedule has five fields, this has {}", fields.len()));
        };
        let zone = match zone {
            Some(name) => name.parse().map_err(|_| format!("there is no time zone {name}"))?,
            None => Tz::UTC,
        };
        let mut weekdays = field("day of the week", weekday, 0, 7)?;
        for day in &mut weekdays {
            *day %= 7;
        }
        let schedule = Self {
            minutes: field("minute", minute, 0, 59)?,
            hours: field("hour", hour, 0, 23)?,
            days: field("day", day, 1, 31)?,
            months: field("month", month, 1, 12)?,
            is_either: !day.starts_with('*') && !fields[4].starts_with('*'),
            weekdays,
            zone,
        };
        match schedule.next(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(schedule),
            None => Err("such a day never comes".to_owned()),
        }
    }

    /// The first instant after `after`.
    pub(crate) fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = after.with_timezone(&self.zone).date_naive();
        (0..DAYS_MAX)
            .map_while(|days| first.checked_add_days(Days::new(days)))
            .find_map(|date| self.on(date).into_iter().find(|at| *at > after))
    }

    /// The last instant up to `until` and after `since`.
    pub(crate) fn latest(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = |at: DateTime<Utc>| at.with_timezone(&self.zone).date_naive();
        let (last, first) = (local(until), local(since));
        (0..DAYS_MAX)
            .map_while(|days| last.checked_sub_days(Days::new(days)))
            .take_while(|date| *date >= first)
            .find_map(|date| self.on(date).into_iter().rev().find(|at| *at <= until))
            .filter(|at| *at > since)
    }

    /// All instants of a day, in their order. An hour that a change of time leaves out is left out; one that comes twice
    /// counts the first time.
    fn on(&self, date: NaiveDate) -> Vec<DateTime<Utc>> {
        if !self.is_day(date) {
            return Vec::new();
        }
        let minutes =
            self.hours.iter().flat_map(|hour| self.minutes.iter().map(move |minute| (hour, minute)));
        let mut instants: Vec<_> = minutes
            .filter_map(|(hour, minute)| date.and_hms_opt(*hour, *minute, 0))
            .filter_map(|local| self.zone.from_local_datetime(&local).earliest())
            .map(|at| at.with_timezone(&Utc))
            .collect();
        instants.sort_unstable();
        instants
    }

    fn is_day(&self, date: NaiveDate) -> bool {
        let day = self.days.contains(&date.day());
        let weekday = self.weekdays.contains(&date.weekday().num_days_from_sunday());
        self.months.contains(&date.month()) && if self.is_either { day || weekday } else { day && weekday }
    }
}

/// The values of a field: `*`, numbers, ranges `a-b`, steps `/n`, and lists of them.
fn field(what: &str, text: &str, least: u32, most: u32) -> Result<Vec<u32>, String> {
    let wrong = || format!("{what}: {text} is no list of numbers, ranges and steps from {least} to {most}");
    let number = |text: &str| match text.parse::<u32>() {
        Ok(number) if (least..=most).contains(&number) && text.len() <= 2 => Ok(number),
        _ => Err(wrong()),
    };
    let mut values = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                (range, step.parse::<usize>().ok().filter(|step| *step > 0).ok_or_else(wrong)?)
            }
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((from, to)) => (number(from)?, number(to)?),
            None => (number(range)?, if part.contains('/') { most } else { number(range)? }),
        };
        if from > to {
            return Err(wrong());
        }
        values.extend((from..=to).step_by(step));
    }
    values.sort_unstable();
    values.dedup();
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn next(schedule: &str, zone: Option<&str>, after: &str) -> String {
        Schedule::parse(schedule, zone).unwrap().next(at(after)).unwrap().to_rfc3339()
    }

    #[test]
    fn the_next_instant_is_found() {
        for (schedule, after, expected) in [
            ("15 6 * * *", "2026-11-30T06:14:59Z", "2026-11-30T06:15:00+00:00"),
            ("15 6 * * *", "2026-11-30T06:15:00Z", "2026-12-01T06:15:00+00:00"),
            ("*/20 * * * *", "2026-11-30T23:40:00Z", "2026-12-01T00:00:00+00:00"),
            ("0 6 * * 1-5", "2026-11-28T00:00:00Z", "2026-11-30T06:00:00+00:00"),
            ("0 6 * * 7", "2026-11-28T00:00:00Z", "2026-11-29T06:00:00+00:00"),
            ("0 0 29 2 *", "2026-11-28T00:00:00Z", "2028-02-29T00:00:00+00:00"),
            ("0 0 31 * *", "2026-04-01T00:00:00Z", "2026-05-31T00:00:00+00:00"),
            // Day and weekday restricted: either will do.
            ("0 0 13 * 5", "2026-11-28T00:00:00Z", "2026-12-04T00:00:00+00:00"),
            ("5,10 8-10/2 1 1 *", "2026-01-01T08:10:00Z", "2026-01-01T10:05:00+00:00"),
        ] {
            assert_eq!(next(schedule, None, after), expected, "{schedule} after {after}");
        }
    }

    #[test]
    fn it_goes_by_the_clocks_of_its_zone_also_when_they_change() {
        assert_eq!(
            next("15 6 * * *", Some("Asia/Almaty"), "2026-11-30T00:00:00Z"),
            "2026-11-30T01:15:00+00:00"
        );
        // In spring 02:30 does not come on that day, in autumn it comes twice.
        assert_eq!(
            next("30 2 * * *", Some("Europe/Berlin"), "2026-03-29T00:00:00Z"),
            "2026-03-30T00:30:00+00:00"
        );
        assert_eq!(
            next("30 2 * * *", Some("Europe/Berlin"), "2026-10-24T12:00:00Z"),
            "2026-10-25T00:30:00+00:00"
        );
        assert_eq!(
            next("30 2 * * *", Some("Europe/Berlin"), "2026-10-25T00:30:00Z"),
            "2026-10-26T01:30:00+00:00"
        );
    }

    #[test]
    fn the_last_instant_is_found_but_none_from_before_the_beginning() {
        let daily = Schedule::parse("0 6 * * *", None).unwrap();
        let latest = |since, until| daily.latest(at(since), at(until)).map(|at| at.to_rfc3339());
        assert_eq!(
            latest("2026-11-01T00:00:00Z", "2026-11-30T05:00:00Z").as_deref(),
            Some("2026-11-29T06:00:00+00:00")
        );
        assert_eq!(
            latest("2026-11-01T00:00:00Z", "2026-11-30T06:00:00Z").as_deref(),
            Some("2026-11-30T06:00:00+00:00")
        );
        assert_eq!(latest("2026-11-30T05:00:00Z", "2026-11-30T05:30:00Z"), None);
        assert_eq!(latest("2026-11-30T06:00:00Z", "2026-11-30T07:00:00Z"), None);
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_the_field_named() {
        for (text, zone, said) in [
            ("0 6 * *", None, "five fields"),
            ("60 6 * * *", None, "minute"),
            ("0 24 * * *", None, "hour"),
            ("0 6 0 * *", None, "day"),
            ("0 6 * 13 *", None, "month"),
            ("0 6 * * 8", None, "day of the week"),
            ("0 6 * * MON", None, "day of the week"),
            ("*/0 * * * *", None, "minute"),
            ("9-3 * * * *", None, "minute"),
            (", * * * *", None, "minute"),
            ("0 0 30 2 *", None, "never"),
            ("0 6 * * *", Some("Asia/Nowhere"), "Asia/Nowhere"),
        ] {
            let error = Schedule::parse(text, zone).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
