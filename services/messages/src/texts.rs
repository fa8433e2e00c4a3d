//! The sentences for errors of structure.

use customs_kernel::Correction;

use crate::finding::Text;
use crate::format::Fault;

/// What to say of a value that does not have its format.
pub(crate) fn fault(name: &str, fault: Fault) -> Text {
    match fault {
        Fault::TooLong(most) => Text::of(
            format!("{name} is longer than {most} characters"),
            format!("{name}: длина больше {most} знаков"),
            format!("{name}: ұзындығы {most} таңбадан асады"),
        ),
        Fault::TooShort(least) => Text::of(
            format!("{name} is shorter than {least} characters"),
            format!("{name}: длина меньше {least} знаков"),
            format!("{name}: ұзындығы {least} таңбадан кем"),
        ),
        Fault::Pattern(format) => Text::of(
            format!("{name} does not have the form {format}"),
            format!("{name}: значение не соответствует формату {format}"),
            format!("{name}: мәні {format} пішіміне сәйкес емес"),
        ),
        Fault::NotListed(list) => Text::of(
            format!("{name} is not a value of the list {list}"),
            format!("{name}: значения нет в перечне {list}"),
            format!("{name}: мәні {list} тізбесінде жоқ"),
        ),
        Fault::Kind(kind) => Text::of(
            format!("{name} is not of the type {kind}"),
            format!("{name}: значение не относится к типу {kind}"),
            format!("{name}: мәні {kind} түріне жатпайды"),
        ),
        Fault::Below(least) => Text::of(
            format!("{name} is below the least value {least}"),
            format!("{name}: значение меньше допустимого {least}"),
            format!("{name}: мәні рұқсат етілген {least} шегінен кем"),
        ),
        Fault::Above(most) => Text::of(
            format!("{name} is above the greatest value {most}"),
            format!("{name}: значение больше допустимого {most}"),
            format!("{name}: мәні рұқсат етілген {most} шегінен артық"),
        ),
        Fault::Digits(digits, fraction) => Text::of(
            format!("{name} has more than {digits} digits or more than {fraction} after the point"),
            format!("{name}: больше {digits} цифр или больше {fraction} после точки"),
            format!("{name}: {digits} цифрдан көп немесе нүктеден кейін {fraction} цифрдан көп"),
        ),
        Fault::NoSuchDay => Text::of(
            format!("{name} is not a day or time that exists"),
            format!("{name}: такой даты или времени не существует"),
            format!("{name}: мұндай күн немесе уақыт жоқ"),
        ),
    }
}

/// What to say of an element that is missing, and of what stands there instead.
pub(crate) fn missing(name: &str, instead: Option<&str>) -> Text {
    match instead {
        None => Text::of(
            format!("{name} is missing"),
            format!("Отсутствует обязательный элемент {name}"),
            format!("Міндетті {name} элементі жоқ"),
        ),
        Some(found) => Text::of(
            format!("{name} is missing before {found}"),
            format!("Перед {found} отсутствует обязательный элемент {name}"),
            format!("{found} алдында міндетті {name} элементі жоқ"),
        ),
    }
}

/// What to say of an element that the group does not have.
pub(crate) fn unknown(name: &str, group: &str) -> Text {
    Text::of(
        format!("{name} is not an element of {group}"),
        format!("{name} не является элементом группы {group}"),
        format!("{name} {group} тобының элементі емес"),
    )
}

/// What to say of an element that stands in the wrong place.
pub(crate) fn order(name: &str, expected: &str) -> Text {
    Text::of(
        format!("{name} stands in the wrong place: {expected} comes first"),
        format!("{name} стоит не на своём месте: сначала {expected}"),
        format!("{name} өз орнында емес: алдымен {expected}"),
    )
}

/// What to say of an element that occurs too often.
pub(crate) fn too_many(name: &str, most: u32) -> Text {
    Text::of(
        format!("{name} occurs more than {most} times"),
        format!("{name} встречается больше {most} раз"),
        format!("{name} {most} реттен көп кездеседі"),
    )
}

/// What to say of text between elements.
pub(crate) fn stray(group: &str) -> Text {
    Text::of(
        format!("text stands between the elements of {group}"),
        format!("между элементами группы {group} стоит текст"),
        format!("{group} тобының элементтері арасында мәтін тұр"),
    )
}

/// What to say of a document that is not well-formed, with the reader's reason.
pub(crate) fn malformed(reason: &str) -> Text {
    Text::of(
        format!("the document cannot be read: {reason}"),
        format!("документ не читается: {reason}"),
        format!("құжат оқылмайды: {reason}"),
    )
}

/// What to say of a document that exceeds a limit.
pub(crate) fn limit(what: &str, most: usize) -> Text {
    Text::of(
        format!("the document exceeds the limit of {most} ({what})"),
        format!("превышен предел {most} ({what})"),
        format!("{most} шегінен асып кетті ({what})"),
    )
}

/// What to say of a root element in the wrong namespace.
pub(crate) fn namespace(name: &str, namespace: &str) -> Text {
    Text::of(
        format!("{name} is not in the namespace {namespace}"),
        format!("{name} не принадлежит пространству имён {namespace}"),
        format!("{name} {namespace} атау кеңістігіне жатпайды"),
    )
}

/// What to say of an element below the root that has a namespace.
pub(crate) fn qualified(name: &str) -> Text {
    Text::of(
        format!("{name} has a namespace; only the root element has one"),
        format!("{name}: пространство имён допустимо только у корневого элемента"),
        format!("{name}: атау кеңістігі тек түбірлік элементте болады"),
    )
}

/// What to say of a message that is not known.
pub(crate) fn unknown_message(name: &str) -> Text {
    Text::of(
        format!("{name} is not a message that is taken in this phase"),
        format!("Сообщение {name} в этой фазе не принимается"),
        format!("{name} хабарламасы бұл кезеңде қабылданбайды"),
    )
}

/// What to say of a phase that the message cannot have.
pub(crate) const fn phase_id() -> Text {
    Text::fixed(
        "PhaseID does not name a phase that the message can have",
        "PhaseID не называет допустимую фазу",
        "PhaseID рұқсат етілген кезеңді атамайды",
    )
}

/// What to say of a JSON document that does not hold one message.
pub(crate) const fn json_root() -> Text {
    Text::fixed(
        "the document must be an object with the one key n1: and the message type, such as n1:CC015C",
        "документ должен быть объектом с единственным ключом вида n1:CC015C",
        "құжат n1:CC015C түріндегі жалғыз кілті бар нысан болуы тиіс",
    )
}

/// What to say of a JSON value of the wrong type.
pub(crate) fn json_type(name: &str, wanted: &str, found: &str) -> Text {
    Text::of(
        format!("{name} must be of the JSON type {wanted}, not {found}"),
        format!("{name}: ожидается тип JSON {wanted}, а не {found}"),
        format!("{name}: JSON түрі {found} емес, {wanted} болуы тиіс"),
    )
}

/// What to say of a character that a message cannot carry.
pub(crate) fn character(name: &str, character: char) -> Text {
    let code = u32::from(character);
    Text::of(
        format!("{name} contains the character U+{code:04X}, which may not occur"),
        format!("{name}: недопустимый знак U+{code:04X}"),
        format!("{name}: рұқсат етілмеген таңба U+{code:04X}"),
    )
}

/// What to say of a code that its list does not have.
pub(crate) fn not_listed(name: &str, list: &str) -> Text {
    Text::of(
        format!("{name} is not a code of the list {list}"),
        format!("{name}: такого кода нет в списке {list}"),
        format!("{name}: {list} тізімінде мұндай код жоқ"),
    )
}

/// What to say of a customs office that does not exist.
pub(crate) fn no_office(id: &str) -> Text {
    Text::of(
        format!("there is no customs office {id}"),
        format!("таможенного органа {id} не существует"),
        format!("{id} кеден органы жоқ"),
    )
}

/// What to say of a customs office that does not do this.
pub(crate) fn no_role(id: &str, roles: &[&str]) -> Text {
    let roles = roles.join(", ");
    Text::of(
        format!("the customs office {id} does not have the role {roles}"),
        format!("у таможенного органа {id} нет роли {roles}"),
        format!("{id} кеден органының {roles} рөлі жоқ"),
    )
}

/// How to mend what is wrong.
pub(crate) fn correction(correction: &Correction) -> Text {
    match correction {
        Correction::Replace(value) => {
            Text::of(format!("use {value}"), format!("укажите {value}"), format!("{value} көрсетіңіз"))
        }
        Correction::Remove => Text::fixed("take it out", "уберите", "алып тастаңыз"),
        Correction::Add => Text::fixed("fill it in", "заполните", "толтырыңыз"),
    }
}
