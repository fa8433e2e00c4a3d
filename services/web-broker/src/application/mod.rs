//! Applications: newcomers who ask to be entered into the register.

mod aggregate;
mod approve;
mod list;
mod receive;
mod reject;
mod store;

pub(crate) use aggregate::Application;
