//! The door of notifications.

mod graphql;
mod rest;

pub(crate) use graphql::{NotificationsMutation, NotificationsQuery, NotificationsSubscription};
pub(crate) use rest::operations;
