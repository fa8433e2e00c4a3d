//! The rules of one message, compiled: names become places in its definition, and what the definition settles is settled.
//!
//! A rule is written for many messages and asked in many groups. For one group of one message every path leads to one element
//! of the definition, or to none; an element that can stand only once is found by its number, and a statement that says the
//! same everywhere in the message is decided once.

use super::attach::Attached;
use super::expression::{Expression, Operand, Origin, Path, Test};
use super::table::{Block, Body, Case, Period};
use crate::definition::{Definition, Element};

/// What is asked in each group of a message.
pub(super) struct Plan {
    /// By the number of the group.
    pub(super) groups: Vec<Vec<Task>>,
    /// How many statements are decided once for a message.
    pub(super) once: usize,
}

/// A rule as it is asked in one group.
pub(super) struct Task {
    /// The rule, by its place in the package.
    pub(super) block: usize,
    pub(super) period: Period,
    pub(super) guard: Option<Expression<Route>>,
    pub(super) body: Body<Route>,
    /// The conditions of this group that come before it by an order of validation, by their places among its tasks.
    pub(super) after: Vec<usize>,
}

/// A path as it runs in one definition.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) start: Start,
    /// The elements on the way from the start, by their numbers; the last is the one it leads to.
    pub(super) steps: Box<[usize]>,
    /// The path as it is written.
    pub(super) path: Path,
}

/// Where a route begins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Start {
    /// The definition has no such element.
    Nowhere,
    /// The element, by its number, stands once in a message at most.
    Single(usize),
    /// So many groups above the element in question.
    Here(usize),
    /// So many groups above the element in which the rule is asked.
    Context(usize),
    /// The root of the message.
    Root,
    /// The root of the message before this one, whose definition is another.
    Prior,
    /// The element in question, in the message before this one.
    Named,
}

/// On which element the outcome of a statement depends.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Depends {
    here: bool,
    context: bool,
}

/// The elements of the definition from the root to one of them; none for an element of the message before.
type Lineage<'l> = &'l [&'static Element];

/// Compile the rules that are attached to a definition.
pub(super) fn compile(blocks: &[Block], attached: &Attached, definition: &'static Definition) -> Plan {
    let mut compiler = Compiler { blocks, attached, root: definition.root(), once: 0 };
    let mut groups = Vec::new();
    groups.resize_with(definition.size(), Vec::new);
    compiler.each(&mut vec![definition.root()], &mut groups);
    Plan { groups, once: compiler.once }
}

struct Compiler<'b> {
    blocks: &'b [Block],
    attached: &'b Attached,
    root: &'static Element,
    once: usize,
}

impl Compiler<'_> {
    fn each(&mut self, lineage: &mut Vec<&'static Element>, groups: &mut [Vec<Task>]) {
        let Some(group) = lineage.last().copied() else { return };
        if let Some(tasks) = groups.get_mut(group.slot()) {
            *tasks = self.tasks(group, lineage);
        }
        for child in group.children().iter().filter(|child| child.is_group()) {
            lineage.push(child);
            self.each(lineage, groups);
            lineage.pop();
        }
    }

    /// The rules of a group; those that its definition never lets apply are left out.
    fn tasks(&mut self, group: &Element, lineage: Lineage<'_>) -> Vec<Task> {
        let asked = self.attached.get(group.slot()).map_or(&[][..], Vec::as_slice);
        let mut tasks: Vec<Task> = Vec::new();
        for one in asked {
            let block = &self.blocks[one.block];
            let guard = block.guard.as_ref().map(|guard| self.statement(guard, lineage));
            if matches!(guard, Some(Expression::Settled(false))) {
                continue;
            }
            let body = self.body(&block.body, lineage);
            tasks.push(Task { block: one.block, period: block.period, guard, body, after: Vec::new() });
        }
        for one in asked.iter().filter(|one| !one.after.is_empty()) {
            let place = |block: usize| tasks.iter().position(|task| task.block == block);
            let after = one.after.iter().filter_map(|earlier| place(*earlier)).collect();
            if let Some(at) = place(one.block) {
                tasks[at].after = after;
            }
        }
        tasks
    }

    fn body(&mut self, body: &Body, lineage: Lineage<'_>) -> Body<Route> {
        let route = |path: &Path| self.route(path, lineage, lineage);
        match body {
            Body::Unique(path) => Body::Unique(route(path)),
            Body::Distinct(path) => Body::Distinct(route(path)),
            Body::Ordinal(path) => Body::Ordinal(route(path)),
            Body::Running(path) => Body::Running(route(path)),
            Body::Differ { group, part } => {
                let group = route(group);
                let part = match self.below(&group, lineage, lineage) {
                    Some(inner) => self.route(part, &inner, lineage),
                    None => Route::nowhere(part),
                };
                Body::Differ { group, part }
            }
            Body::Amendment => Body::Amendment,
            Body::Filled => Body::Filled,
            Body::Order(earlier, later) => Body::Order(earlier, later),
            Body::Must { holds, on } => {
                let on = route(on);
                Body::Must { holds: self.statement(holds, lineage), on }
            }
            Body::Cases(cases) => Body::Cases(cases.iter().map(|case| self.case(case, lineage)).collect()),
        }
    }

    fn case(&mut self, case: &Case, lineage: Lineage<'_>) -> Case<Route> {
        let routes = |paths: &[Path]| paths.iter().map(|path| self.route(path, lineage, lineage)).collect();
        let (required, forbidden) = (routes(&case.required), routes(&case.forbidden));
        Case { when: case.when.as_ref().map(|when| self.statement(when, lineage)), required, forbidden }
    }

    /// A statement asked in a group.
    fn statement(&mut self, expression: &Expression, lineage: Lineage<'_>) -> Expression<Route> {
        let (expression, depends) = self.expression(expression, lineage, lineage);
        self.sealed(expression, depends)
    }

    /// The statement, decided once where it says the same everywhere.
    fn sealed(&mut self, expression: Expression<Route>, depends: Depends) -> Expression<Route> {
        let cheap = match &expression {
            Expression::Settled(_) | Expression::Accepted | Expression::Transitional => true,
            Expression::Present(route) => matches!(route.start, Start::Single(_)),
            _ => false,
        };
        if cheap || depends != Depends::default() {
            return expression;
        }
        self.once += 1;
        Expression::Once(self.once - 1, Box::new(expression))
    }

    fn expression(
        &mut self,
        expression: &Expression,
        here: Lineage<'_>,
        context: Lineage<'_>,
    ) -> (Expression<Route>, Depends) {
        let route = |path: &Path| self.route(path, here, context);
        match expression {
            Expression::Any(terms) => self.terms(terms, true, here, context),
            Expression::All(terms) => self.terms(terms, false, here, context),
            Expression::Once(_, inner) => self.expression(inner, here, context),
            Expression::Not(inner) => {
                let (inner, depends) = self.expression(inner, here, context);
                let not = match inner {
                    Expression::Settled(holds) => Expression::Settled(!holds),
                    inner => Expression::Not(Box::new(inner)),
                };
                (not, depends)
            }
            Expression::Present(path) => folded(route(path), false, Expression::Present),
            Expression::Compare(left, relation, right) => {
                let (left, one) = self.operand(left, here, context);
                let (right, two) = self.operand(right, here, context);
                if left.is_never() {
                    return (Expression::Settled(false), Depends::default());
                }
                (Expression::Compare(left, *relation, right), one.and(two))
            }
            Expression::In(operand, set) => {
                let (operand, depends) = self.operand(operand, here, context);
                (Expression::In(operand, set.clone()), depends)
            }
            Expression::Quantified { every, path, inner } => {
                let path = route(path);
                let Some(below) = self.below(&path, here, context) else {
                    return folded(path, *every, |path| quantified(*every, path, Expression::Settled(true)));
                };
                let (inner, within) = self.expression(inner, &below, context);
                let inner = self.sealed(inner, within);
                let depends = path.depends().and(Depends { here: false, ..within });
                (quantified(*every, path, inner), depends)
            }
            Expression::Test(Test::Tariff, path) => {
                let path = route(path);
                let depends = path.depends();
                (Expression::Test(Test::Tariff, path), depends)
            }
            Expression::Test(test, path) => folded(route(path), false, |path| Expression::Test(*test, path)),
            Expression::Among(inner, outer) => {
                let (inner, outer) = (route(inner), route(outer));
                let depends = inner.depends().and(outer.depends());
                (Expression::Among(inner, outer), depends)
            }
            Expression::Accepted => (Expression::Accepted, Depends::default()),
            Expression::Transitional => (Expression::Transitional, Depends::default()),
            Expression::Settled(holds) => (Expression::Settled(*holds), Depends::default()),
        }
    }

    /// All terms, or any of them: what is the same everywhere is put together and asked first.
    fn terms(
        &mut self,
        terms: &[Expression],
        decisive: bool,
        here: Lineage<'_>,
        context: Lineage<'_>,
    ) -> (Expression<Route>, Depends) {
        let (mut fixed, mut open, mut depends) = (Vec::new(), Vec::new(), Depends::default());
        for term in terms {
            match self.expression(term, here, context) {
                (Expression::Settled(holds), _) if holds == decisive => {
                    return (Expression::Settled(decisive), Depends::default());
                }
                (Expression::Settled(_), _) => {}
                (term, one) if one == Depends::default() => fixed.push(term),
                (term, one) => {
                    depends = depends.and(one);
                    open.push(term);
                }
            }
        }
        if open.is_empty() {
            return (joined(fixed, decisive), Depends::default());
        }
        if !fixed.is_empty() {
            let first = self.sealed(joined(fixed, decisive), Depends::default());
            open.insert(0, first);
        }
        (joined(open, decisive), depends)
    }

    fn operand(
        &self,
        operand: &Operand,
        here: Lineage<'_>,
        context: Lineage<'_>,
    ) -> (Operand<Route>, Depends) {
        let operand = operand.with(&mut |path| self.route(path, here, context));
        let depends = operand.path().map_or(Depends::default(), Route::depends);
        (operand, depends)
    }

    fn route(&self, path: &Path, here: Lineage<'_>, context: Lineage<'_>) -> Route {
        let elsewhere = |start| Route { start, steps: Box::default(), path: path.clone() };
        let (start, origin) = match path.origin {
            Origin::Prior => return elsewhere(Start::Prior),
            Origin::Here if here.is_empty() => return elsewhere(Start::Named),
            Origin::Here => (Start::Here(path.up), here),
            Origin::Context => (Start::Context(path.up), context),
            Origin::Root => (Start::Root, &[self.root][..]),
        };
        let Some(mut lineage) = climbed(origin, path.up) else { return Route::nowhere(path) };
        let from = lineage.len();
        for step in &path.steps {
            match lineage.last().and_then(|at| at.child_by_id(*step)) {
                Some(child) => lineage.push(child),
                None => return Route::nowhere(path),
            }
        }
        let single = lineage.iter().all(|element| !element.repeats());
        let start = match lineage.last() {
            Some(last) if single => Start::Single(last.slot()),
            _ => start,
        };
        let steps = lineage.iter().skip(from).map(|element| element.slot()).collect();
        Route { start, steps, path: path.clone() }
    }

    /// The elements from the root to the one that a route leads to; nothing where the definition has no such element.
    fn below(&self, route: &Route, here: Lineage<'_>, context: Lineage<'_>) -> Option<Vec<&'static Element>> {
        let mut lineage = match (route.start, route.path.origin) {
            (Start::Nowhere, _) => return None,
            (Start::Prior | Start::Named, _) => return Some(Vec::new()),
            (_, Origin::Root | Origin::Prior) => vec![self.root],
            (_, Origin::Here) => climbed(here, route.path.up)?,
            (_, Origin::Context) => climbed(context, route.path.up)?,
        };
        for step in &route.path.steps {
            let child = lineage.last().and_then(|at| at.child_by_id(*step))?;
            lineage.push(child);
        }
        Some(lineage)
    }
}

/// The groups above an element, and it, without the last `up`.
fn climbed(lineage: Lineage<'_>, up: usize) -> Option<Vec<&'static Element>> {
    let left = lineage.len().checked_sub(up).filter(|left| *left > 0)?;
    lineage.get(..left).map(<[_]>::to_vec)
}

/// What is said of a route; settled where the definition has no such element.
fn folded(
    route: Route,
    otherwise: bool,
    said: impl FnOnce(Route) -> Expression<Route>,
) -> (Expression<Route>, Depends) {
    if route.start == Start::Nowhere {
        return (Expression::Settled(otherwise), Depends::default());
    }
    let depends = route.depends();
    (said(route), depends)
}

fn quantified(every: bool, path: Route, inner: Expression<Route>) -> Expression<Route> {
    Expression::Quantified { every, path, inner: Box::new(inner) }
}

/// All terms, or any of them; of none, and of one, what that comes to.
fn joined(mut terms: Vec<Expression<Route>>, decisive: bool) -> Expression<Route> {
    match (terms.len(), decisive) {
        (0, _) => Expression::Settled(!decisive),
        (1, _) => terms.remove(0),
        (_, true) => Expression::Any(terms),
        (_, false) => Expression::All(terms),
    }
}

impl Depends {
    fn and(self, other: Self) -> Self {
        Self { here: self.here || other.here, context: self.context || other.context }
    }
}

impl Route {
    fn nowhere(path: &Path) -> Self {
        Self { start: Start::Nowhere, steps: Box::default(), path: path.clone() }
    }

    fn depends(&self) -> Depends {
        match self.start {
            Start::Here(_) | Start::Named => Depends { here: true, context: false },
            Start::Context(_) => Depends { here: false, context: true },
            Start::Nowhere | Start::Single(_) | Start::Root | Start::Prior => Depends::default(),
        }
    }
}

impl Operand<Route> {
    /// Whether it never has a value.
    fn is_never(&self) -> bool {
        let counts = matches!(self, Self::Count(_) | Self::Sum(_) | Self::Max(_));
        !counts && self.path().is_some_and(|route| route.start == Start::Nowhere)
    }
}
