//! One row of the table of operations: a use case, where it is reached, and how it answers.

use actix_web::{HttpResponse, http::Method};
use customs_kernel::{Permission, Problem, UseCase};
use futures_util::future::LocalBoxFuture;
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

use super::{Call, answer};
use crate::input::Schemas;

/// What serves an operation.
pub(crate) type Handler = fn(Call) -> LocalBoxFuture<'static, Result<HttpResponse, Problem>>;

/// The schema of a type, together with all it names.
pub(crate) type SchemaOf = fn(&mut Schemas) -> RefOr<Schema>;

/// A method of HTTP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verb {
    /// Read.
    Get,
    /// Do.
    Post,
    /// Replace.
    Put,
    /// Take away.
    Delete,
}

/// Where GraphQL has the same operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Face {
    /// A field of `Query`.
    Query(&'static str),
    /// A field of `Mutation`.
    Mutation(&'static str),
    /// A field of `Subscription`.
    Subscription(&'static str),
}

/// What the body of a request is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// JSON with the fields of the input that stand nowhere else.
    Fields,
    /// A signed document in one of these media types.
    Document(&'static [&'static str]),
}

/// What the body of an answer is.
#[derive(Clone, Copy)]
pub(crate) enum Output {
    /// JSON by this schema.
    Json(SchemaOf),
    /// A text in one of these media types.
    Text(&'static [&'static str]),
}

/// One operation of the REST mirror.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) verb: Verb,
    pub(crate) path: &'static str,
    /// Name in the document and in generated clients.
    pub(crate) id: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) use_case: &'static str,
    pub(crate) needs: Permission,
    /// Whether something changes: then an idempotency key is wanted.
    pub(crate) effect: bool,
    pub(crate) face: Option<Face>,
    pub(crate) status: u16,
    /// Address of what was made, with names of the answer's fields in braces.
    pub(crate) location: Option<&'static str>,
    /// Field of the input that `If-Match` fills.
    pub(crate) version: Option<&'static str>,
    /// Fields of the input that clients cannot set here.
    pub(crate) hidden: &'static [&'static str],
    pub(crate) input: SchemaOf,
    pub(crate) body: Body,
    pub(crate) output: Output,
    pub(crate) handler: Handler,
    /// What the document says, where it is not what the input's own description says.
    pub(crate) words: Option<&'static str>,
}

impl Verb {
    /// The method as HTTP writes it.
    pub(crate) const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Delete => Method::DELETE,
        }
    }

    /// Whether the fields of the input come in a body.
    pub(crate) const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

impl Operation {
    /// A question, asked by `GET`.
    pub(crate) fn question<U>(path: &'static str, id: &'static str, tag: &'static str) -> Self
    where
        U: UseCase + ToSchema,
        U::Output: ToSchema,
    {
        let output = Output::Json(Schemas::named::<U::Output>);
        let handler: Handler = |call| Box::pin(answer(call));
        Self::new(Verb::Get, path, id, tag, (U::NAME, U::NEEDS), Schemas::parts::<U>, output, handler)
    }

    /// An effect, asked for by `verb`.
    pub(crate) fn effect<U>(verb: Verb, path: &'static str, id: &'static str, tag: &'static str) -> Self
    where
        U: UseCase + ToSchema,
        U::Output: ToSchema,
    {
        Self { verb, effect: true, ..Self::question::<U>(path, id, tag) }
    }

    /// An operation that the gateway serves in its own way, with input `I`.
    #[expect(clippy::too_many_arguments, reason = "a row has so many columns")]
    pub(crate) fn own<I: ToSchema>(
        verb: Verb,
        path: &'static str,
        id: &'static str,
        tag: &'static str,
        serves: (&'static str, Permission),
        output: Output,
        handler: Handler,
    ) -> Self {
        Self::new(verb, path, id, tag, serves, Schemas::parts::<I>, output, handler)
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where a row is put together")]
    fn new(
        verb: Verb,
        path: &'static str,
        id: &'static str,
        tag: &'static str,
        (use_case, needs): (&'static str, Permission),
        input: SchemaOf,
        output: Output,
        handler: Handler,
    ) -> Self {
        Self {
            verb,
            path,
            id,
            tag,
            use_case,
            needs,
            effect: false,
            face: None,
            status: 200,
            location: None,
            version: None,
            hidden: &[],
            input,
            body: Body::Fields,
            output,
            handler,
            words: None,
        }
    }

    /// The same operation, which GraphQL has as `face`.
    pub(crate) const fn face(mut self, face: Face) -> Self {
        self.face = Some(face);
        self
    }

    /// The same operation, which makes something that is found at `location`.
    pub(crate) const fn created(mut self, location: &'static str) -> Self {
        self.status = 201;
        self.location = Some(location);
        self
    }

    /// The same operation, whose real answer comes later at `location`.
    pub(crate) const fn accepted(mut self, location: &'static str) -> Self {
        self.status = 202;
        self.location = Some(location);
        self
    }

    /// The same operation on the version that `If-Match` names, put into `field` of the input.
    pub(crate) const fn by_version(mut self, field: &'static str) -> Self {
        self.version = Some(field);
        self
    }

    /// The same operation without some fields of the input.
    pub(crate) const fn hides(mut self, fields: &'static [&'static str]) -> Self {
        self.hidden = fields;
        self
    }

    /// The same operation, which changes something.
    pub(crate) const fn effectful(mut self) -> Self {
        self.effect = true;
        self
    }

    /// The same operation with a signed document as its body.
    pub(crate) const fn document(mut self, media: &'static [&'static str]) -> Self {
        self.body = Body::Document(media);
        self
    }

    /// The same operation, described by `words`.
    pub(crate) const fn words(mut self, words: &'static str) -> Self {
        self.words = Some(words);
        self
    }

    /// Whether a request needs an idempotency key.
    pub(crate) fn needs_key(&self) -> bool {
        self.effect && self.verb == Verb::Post
    }

    /// The names in the braces of the path.
    pub(crate) fn path_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}
