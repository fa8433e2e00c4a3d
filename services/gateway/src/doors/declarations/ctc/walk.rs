//! Numbered pages over cursors: the whole list of a while is walked, then cut.

use customs_declarations_contract as contract;
use customs_kernel::{Problem, UseCase, problem};

use crate::rest::Call;

/// How many entries are walked at most; who has more narrows the time.
const ENTRIES_MAX: usize = 2_000;
/// How many entries a service gives at once.
const AT_ONCE: i32 = 100;
/// How many entries a page has unless said.
const COUNT_USUAL: i32 = 25;

/// A page as the service of declarations answers it.
pub(super) trait Walked {
    /// What is listed.
    type Item;
    /// The entries and the cursor of the next page.
    fn open(self) -> (Vec<Self::Item>, Option<String>);
}

macro_rules! walked {
    ($($page:ident => $item:ident),*) => {$(
        impl Walked for contract::$page {
            type Item = contract::$item;
            fn open(self) -> (Vec<Self::Item>, Option<String>) { (self.items, self.next) }
        }
    )*};
}

walked!(MovementPage => Movement, ArrivalPage => Arrival, MovementMessagePage => MovementMessage);

/// Everything that the asks made by `ask` of a size and a cursor list.
pub(super) async fn all<U>(
    call: &Call,
    ask: impl Fn(Option<i32>, Option<String>) -> U,
) -> Result<Vec<<U::Output as Walked>::Item>, Problem>
where
    U: UseCase,
    U::Output: Walked,
{
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = call.gateway.desk().ask(&call.visit.caller(), ask(Some(AT_ONCE), after)).await?;
        let (items, next) = page.open();
        entries.extend(items);
        match next {
            None => return Ok(entries),
            Some(_) if entries.len() >= ENTRIES_MAX => {
                let detail = format!("there are more than {ENTRIES_MAX}; narrow the list by time");
                return Err(problem::INPUT_INVALID.because(detail).at("/updatedSince"));
            }
            Some(next) => after = Some(next),
        }
    }
}

/// The page number `page` of `count` entries, with how many entries there are.
pub(super) fn cut<T>(
    entries: Vec<T>,
    page: Option<i32>,
    count: Option<i32>,
) -> Result<(i32, Vec<T>), Problem> {
    let total = i32::try_from(entries.len()).unwrap_or(i32::MAX);
    let count = usize::try_from(count.unwrap_or(COUNT_USUAL)).unwrap_or_default();
    let before = usize::try_from(page.unwrap_or(1) - 1).unwrap_or_default() * count;
    if before > 0 && before >= entries.len() {
        return Err(problem::NOT_FOUND.because("The requested page does not exist"));
    }
    Ok((total, entries.into_iter().skip(before).take(count).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbered_from_one_and_end() {
        let page = |page, count| cut((0..60).collect::<Vec<i32>>(), page, count);
        assert_eq!(page(None, None).unwrap().1.len(), 25);
        assert_eq!(page(Some(3), None).unwrap(), (60, (50..60).collect()));
        assert_eq!(page(Some(4), None).unwrap_err().status, 404);
        assert_eq!(cut(Vec::<i32>::new(), Some(1), None).unwrap(), (0, Vec::new()));
    }
}
