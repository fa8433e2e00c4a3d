//! Relay connections over the pages of the services: the cursor of every edge, made of theirs.

use async_graphql::{
    Context, OutputType, Result,
    connection::{
        Connection, CursorType, DefaultConnectionName, DefaultEdgeName, DisableNodesField, Edge, EmptyFields,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use customs_kernel::{Problem, UseCase, problem};

use super::ask::{Asker, question};

/// How many entries a service gives at most.
const FIRST_MAX: i32 = 100;
/// How many entries a page has where nothing is said.
const FIRST_USUAL: i32 = 50;

/// A connection without shortcuts.
pub(crate) type Page<T> =
    Connection<Place, T, EmptyFields, EmptyFields, DefaultConnectionName, DefaultEdgeName, DisableNodesField>;

/// A page as services answer it.
pub(crate) trait Listed {
    /// What is listed.
    type Item: OutputType;
    /// The entries and the cursor of the next page.
    fn open(self) -> (Vec<Self::Item>, Option<String>);
}

/// Says of page types what they list.
macro_rules! listed {
    ($($page:ty => $item:ty),* $(,)?) => {$(
        impl $crate::graphql::page::Listed for $page {
            type Item = $item;
            fn open(self) -> (Vec<$item>, Option<String>) { (self.items, self.next) }
        }
    )*};
}

pub(crate) use listed;

/// A place in a list: behind the cursor of a service, and so many entries further.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    after: Option<String>,
    skip: i32,
}

impl CursorType for Place {
    type Error = &'static str;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        let wrong = "this is no cursor of this list";
        let (skip, after) = text.split_once('.').ok_or(wrong)?;
        let skip = skip.parse().ok().filter(|skip| (0..FIRST_MAX).contains(skip)).ok_or(wrong)?;
        let after = URL_SAFE_NO_PAD.decode(after).ok().and_then(|octets| String::from_utf8(octets).ok());
        let after = after.ok_or(wrong)?;
        Ok(Self { after: Some(after).filter(|after| !after.is_empty()), skip })
    }

    fn encode_cursor(&self) -> String {
        format!("{}.{}", self.skip, URL_SAFE_NO_PAD.encode(self.after.as_deref().unwrap_or_default()))
    }
}

/// The page of the list that `ask` makes of a size and a cursor of the service.
pub(crate) async fn page<U>(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    ask: impl FnOnce(Option<i32>, Option<String>) -> U,
) -> Result<Page<<U::Output as Listed>::Item>>
where
    U: UseCase,
    U::Output: Listed,
{
    let (first, place) = start(first, after.as_deref()).map_err(|problem| refuse(ctx, &problem))?;
    let asked = (first + place.skip).min(FIRST_MAX);
    let (items, next) = question(ctx, ask(Some(asked), place.after.clone())).await?.open();
    Ok(cut(items, next.as_deref(), &place, first))
}

fn start(first: Option<i32>, after: Option<&str>) -> Result<(i32, Place), Problem> {
    let first = first.unwrap_or(FIRST_USUAL);
    if !(1..=FIRST_MAX).contains(&first) {
        return Err(problem::INPUT_INVALID
            .because(format!("first must be from 1 to {FIRST_MAX}"))
            .at("/first"));
    }
    let place = after.map(Place::decode_cursor).transpose();
    let place = place.map_err(|why| problem::INPUT_INVALID.because(why).at("/after"))?;
    Ok((first, place.unwrap_or_default()))
}

fn refuse(ctx: &Context<'_>, problem: &Problem) -> async_graphql::Error {
    match Asker::of(ctx) {
        Ok(asker) => asker.refuse(problem),
        Err(error) => error,
    }
}

/// The part of a service's page behind `place`, each entry with its own cursor.
fn cut<T: OutputType>(items: Vec<T>, next: Option<&str>, place: &Place, first: i32) -> Page<T> {
    let skip = usize::try_from(place.skip).unwrap_or_default();
    let wanted = usize::try_from(first).unwrap_or_default();
    let (count, more) = (items.len(), next.is_some());
    let mut page = Page::new(place.after.is_some() || skip > 0, more || count > skip + wanted);
    let taken = items.into_iter().enumerate().skip(skip).take(wanted);
    page.edges.extend(taken.map(|(index, item)| {
        let behind = i32::try_from(index + 1).unwrap_or(i32::MAX);
        // The service's own cursor is exact however the list grows in the meantime.
        let cursor = if index + 1 == count && more {
            Place { after: next.map(str::to_owned), skip: 0 }
        } else {
            Place { after: place.after.clone(), skip: behind }
        };
        Edge::new(cursor, item)
    }));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of a service: 0 to 249, cursors are the last number seen.
    fn serve(first: i32, after: Option<&str>) -> (Vec<i32>, Option<String>) {
        let from = after.map_or(0, |after| after.parse::<i32>().unwrap() + 1);
        let items: Vec<i32> = (from..250).take(usize::try_from(first).unwrap()).collect();
        let next = items.last().filter(|last| **last < 249).map(ToString::to_string);
        (items, next)
    }

    fn page(first: i32, after: Option<&str>) -> Page<i32> {
        let (first, place) = start(Some(first), after).unwrap();
        let (items, next) = serve((first + place.skip).min(FIRST_MAX), place.after.as_deref());
        cut(items, next.as_deref(), &place, first)
    }

    #[test]
    fn walking_by_any_page_size_meets_every_entry_once() {
        for size in [1, 7, 50, 99, 100] {
            let (mut seen, mut after) = (Vec::new(), None::<String>);
            loop {
                let page = page(size, after.as_deref());
                seen.extend(page.edges.iter().map(|edge| edge.node));
                if !page.has_next_page {
                    break;
                }
                after = page.edges.last().map(|edge| edge.cursor.encode_cursor());
            }
            assert_eq!(seen, (0..250).collect::<Vec<_>>(), "pages of {size}");
        }
    }

    #[test]
    fn the_cursor_of_any_edge_leads_behind_it() {
        let first = page(10, None);
        for (index, edge) in first.edges.iter().enumerate() {
            let after = edge.cursor.encode_cursor();
            let next = page(3, Some(&after)).edges.first().map(|edge| edge.node);
            assert_eq!(next, Some(i32::try_from(index).unwrap() + 1));
        }
    }

    #[test]
    fn a_bad_cursor_or_size_is_refused_at_its_place() {
        for cursor in ["", "x", "1.%%", "-1.", "100.", "0.\u{e9}"] {
            let problem = start(None, Some(cursor)).unwrap_err();
            assert_eq!(problem.errors[0].pointer, "/after", "{cursor}");
        }
        assert_eq!(start(Some(0), None).unwrap_err().errors[0].pointer, "/first");
        assert_eq!(start(Some(101), None).unwrap_err().errors[0].pointer, "/first");
    }
}
