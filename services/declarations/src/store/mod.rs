//! Rows of declarations and what is made of them.

mod acts;
mod arrivals;
mod claims;
mod files;
mod gathered;
mod history;
mod movements;
mod notes;
mod offices;
mod queue;
mod reading;
mod rows;
mod sheets;
mod versions;

pub(crate) use acts::{Act, act, acts_page, keep_act, keep_act_of_system, latest_act, unanswered_report};
pub(crate) use arrivals::{arrival_of, load_arrival, save_arrival};
pub(crate) use claims::{claim, give_back};
pub(crate) use files::{NewFile, bind_files, count_files, file, files_page, keep_file, octets};
pub(crate) use gathered::gather;
pub use history::{Standing, standings};
pub(crate) use movements::{
    by_mrn, change_carrier, in_use, last_event, load, message_in_use, peek, remember_saga, save,
};
pub(crate) use notes::{keep_note, next_note, note, notes_page};
pub(crate) use offices::{add_stop, load_stops, save_stop};
pub(crate) use queue::queue_page;
pub(crate) use reading::{
    Visibility, arrivals_page, events_page, holder, id_by_mrn, message, messages_page, movement_view,
    movements_page, visible,
};
pub(crate) use sheets::{open_stops, save_letters};
pub(crate) use versions::{
    add_version, current_declaration, declaration_version, last_body, unloading_permission,
};
