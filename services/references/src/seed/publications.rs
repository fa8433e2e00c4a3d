//! What the demo nation tells everybody; invented, as everything of it is.

use customs_references_contract::PublicationKind::{Notice, Regulation};

use crate::publication::Told;

/// Regulations and notices, oldest first.
pub(super) const TOLD: &[Told] = &[
    (
        Regulation,
        Some("DN-1"),
        [
            (
                "en",
                "Transit declarations are lodged electronically",
                "A transit declaration is lodged in electronic form and signed by a qualified certificate. No paper is needed: the \
                 accompanying document may be shown on a screen.",
            ),
            (
                "ru",
                "Транзитные декларации подаются в электронном виде",
                "Транзитная декларация подаётся в электронном виде и подписывается сертификатом. Бумага не требуется: \
                 сопроводительный документ можно показать на экране.",
            ),
            (
                "kk",
                "Транзиттік декларациялар электрондық түрде беріледі",
                "Транзиттік декларация электрондық түрде беріледі және сертификатпен қол қойылады. Қағаз қажет емес: ілеспе \
                 құжатты экранда көрсетуге болады.",
            ),
        ],
    ),
    (
        Notice,
        None,
        [
            (
                "en",
                "This is a sandbox",
                "Everything here is invented. Nothing that is declared has an effect outside of the sandbox.",
            ),
            (
                "ru",
                "Это песочница",
                "Всё здесь вымышлено. Ничто из заявленного не имеет последствий за пределами песочницы.",
            ),
            (
                "kk",
                "Бұл сынақ ортасы",
                "Мұндағының бәрі ойдан шығарылған. Мәлімделгеннің сынақ ортасынан тыс салдары жоқ.",
            ),
        ],
    ),
];

/// The currency in which the rates are told.
pub(super) const BASE: &str = "KZT";

/// Currency, units, what they are worth.
pub(super) const RATES: &[(&str, i32, &str)] =
    &[("CNY", 1, "70"), ("EUR", 1, "550"), ("KGS", 10, "57"), ("USD", 1, "500"), ("UZS", 100, "4")];
