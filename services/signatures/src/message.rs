//! What a refusal says to a person, in Kazakh, Russian and English, without internals.

use crate::fault::Code;

/// Language of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// Kazakh.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// The language of a tag such as `ru` or `kk-KZ`; English when it is none of the three.
    pub fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some("kk") => Self::Kk,
            Some("ru") => Self::Ru,
            _ => Self::En,
        }
    }
}

impl Code {
    /// The message for people.
    pub const fn message(self, language: Language) -> &'static str {
        let (kk, ru, en) = self.messages();
        match language {
            Language::Kk => kk,
            Language::Ru => ru,
            Language::En => en,
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table of three columns")]
    const fn messages(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SigMalformed => {
                ("Қолтаңба оқылмайды", "Подпись не читается", "The signature cannot be read")
            }
            Self::SigDigestMismatch => (
                "Құжат қол қойылғаннан кейін өзгертілген",
                "Документ изменён после подписания",
                "The document was changed after it was signed",
            ),
            Self::SigInvalid => ("Қолтаңба дұрыс емес", "Подпись неверна", "The signature is not valid"),
            Self::SigCertMissing => (
                "Қол қоюшының сертификаты табылмады",
                "Сертификат подписавшего не найден",
                "The signer's certificate was not found",
            ),
            Self::SigCertUntrusted => {
                ("Сертификатқа сенім жоқ", "Сертификату нет доверия", "The certificate is not trusted")
            }
            Self::SigCertExpired => (
                "Сертификаттың мерзімі өткен",
                "Срок действия сертификата истёк",
                "The certificate has expired",
            ),
            Self::SigCertNotYetValid => (
                "Сертификат әлі күшіне енген жоқ",
                "Сертификат ещё не действует",
                "The certificate is not yet valid",
            ),
            Self::SigCertRevoked => {
                ("Сертификат кері қайтарылған", "Сертификат отозван", "The certificate is revoked")
            }
            Self::SigCertOnHold => (
                "Сертификат уақытша тоқтатылған",
                "Действие сертификата приостановлено",
                "The certificate is on hold",
            ),
            Self::SigCertPurpose => (
                "Сертификат құжаттарға қол қоюға арналмаған",
                "Сертификат не предназначен для подписания документов",
                "The certificate is not meant for signing documents",
            ),
            Self::SigCertPolicy => (
                "Сертификаттың саясаты қабылданбайды",
                "Политика сертификата не принимается",
                "The certificate's policy is not accepted",
            ),
            Self::SigAlgorithmRefused => (
                "Қолтаңба алгоритмі тым әлсіз",
                "Алгоритм подписи слишком слаб",
                "The signature algorithm is too weak",
            ),
            Self::SigAlgorithmUnsupported => (
                "Қолтаңба алгоритмі қолданылмайды",
                "Алгоритм подписи не поддерживается",
                "The signature algorithm is not supported",
            ),
            Self::SigAttributes => (
                "Қолтаңбаның міндетті атрибуттары жоқ немесе қате",
                "Обязательные атрибуты подписи отсутствуют или неверны",
                "Mandatory attributes of the signature are missing or wrong",
            ),
            Self::SigCoverage => (
                "Қолтаңба бүкіл құжатты қамтымайды",
                "Подпись не охватывает документ",
                "The signature does not cover the document",
            ),
            Self::SigTransformRefused => (
                "Қолтаңбаның түрлендіруі қабылданбайды",
                "Преобразование в подписи не принимается",
                "A transform of the signature is not accepted",
            ),
            Self::SigTimestampMissing => {
                ("Уақыт белгісі жоқ", "Нет метки времени", "The signature timestamp is missing")
            }
            Self::SigTimestampInvalid => {
                ("Уақыт белгісі дұрыс емес", "Метка времени неверна", "The signature timestamp is not valid")
            }
            Self::SigStatusUnavailable => (
                "Сертификат мәртебесін тексеру мүмкін болмады, кейінірек қайталаңыз",
                "Статус сертификата сейчас не проверить, повторите позже",
                "The certificate's status cannot be checked now, try again later",
            ),
            Self::SigTrustlistExpired => (
                "Сенім тізімі ескірген, кейінірек қайталаңыз",
                "Список доверия устарел, повторите позже",
                "The trust list is out of date, try again later",
            ),
            Self::SigReplayed => {
                ("Құжат бұрын қабылданған", "Документ уже был принят", "The document was accepted before")
            }
            Self::SigSignersMissing => (
                "Тағы бір адам қол қоюы тиіс",
                "Должно подписать ещё одно лицо",
                "Another person must sign as well",
            ),
            Self::SigSignersSame => (
                "Әртүрлі адамдар қол қоюы тиіс",
                "Должны подписать разные лица",
                "Different people must sign",
            ),
            Self::SigSignerRole => (
                "Қол қоюшының бұл құжатқа қол қою құқығы жоқ",
                "У подписавшего нет права подписи такого документа",
                "A signer has not the right to sign this",
            ),
            Self::SigWrongPerson => {
                ("Басқа адам қол қойған", "Подписало другое лицо", "Somebody else has signed")
            }
            Self::SignerNotAuthorised => (
                "Қол қоюшы осы ұйымның атынан әрекет ете алмайды",
                "Подписавший не вправе действовать за эту организацию",
                "The signer may not act for this organisation",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_choose_the_language_and_english_is_the_rest() {
        assert_eq!(Language::of_tag("kk-KZ"), Language::Kk);
        assert_eq!(Language::of_tag("ru"), Language::Ru);
        assert_eq!(Language::of_tag("ky"), Language::En);
        assert_eq!(Code::SigCertRevoked.message(Language::Ru), "Сертификат отозван");
    }
}
