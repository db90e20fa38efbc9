//! What a provider says of a person, as the settings map it.

use serde_json::{Map, Value as Json};

use super::Fault;
use super::definition::ClaimNames;
use crate::domain::Handle;

/// What a provider says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identified {
    /// Who it is, at the provider.
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    /// An address that the provider has verified.
    pub(crate) email: Option<Handle>,
    /// A number that the provider has verified.
    pub(crate) phone: Option<Handle>,
    /// Twelve digits.
    pub(crate) personal_id: Option<String>,
    /// Ten digits.
    pub(crate) enterprise_code: Option<String>,
    /// 0 to 2.
    pub(crate) level: u8,
    /// Whether they showed a second factor there.
    pub(crate) strong: bool,
}

/// Reads the claims. What does not look like what it should be is left out: a wrong number must not become somebody's.
pub(super) fn read(claims: &Map<String, Json>, names: &ClaimNames) -> Result<Identified, Fault> {
    let at = |name: &Option<String>| find(claims, name.as_deref()?);
    let text = |name: &Option<String>| at(name).and_then(said).filter(|text| !text.is_empty());
    let verified =
        |name: &str| matches!(claims.get(name), Some(Json::Bool(true))) || is(claims.get(name), "true");
    let subject = claims.get("sub").and_then(Json::as_str).ok_or(Fault::Claim("who it is (sub)"))?;
    let digits =
        |text: &String, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let email = text(&names.email).filter(|_| verified("email_verified"));
    let phone = text(&names.phone).filter(|_| verified("phone_number_verified"));
    let level = text(&names.level).and_then(|value| names.levels.get(&value).copied());
    let strong = match at(&names.means) {
        Some(Json::Array(many)) => {
            many.iter().filter_map(Json::as_str).any(|one| names.strong.iter().any(|s| s == one))
        }
        Some(one) => said(one).is_some_and(|one| names.strong.contains(&one)),
        None => false,
    };
    Ok(Identified {
        subject: subject.to_owned(),
        name: text(&names.name).map(|name| name.chars().filter(|c| !c.is_control()).take(200).collect()),
        email: email.and_then(|text| Handle::email(&text).ok()),
        phone: phone.and_then(|text| Handle::phone(&text).ok()),
        personal_id: text(&names.personal_id).filter(|text| digits(text, 12)),
        enterprise_code: text(&names.enterprise_code).filter(|text| digits(text, 10)),
        level: level.unwrap_or_default(),
        strong,
    })
}

fn find<'a>(claims: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    // A claim may itself have dots in its name, as addresses do.
    if let Some(plain) = claims.get(name) {
        return Some(plain);
    }
    let (first, rest) = name.split_once('.')?;
    rest.split('.').try_fold(claims.get(first)?, |json, part| json.get(part))
}

fn said(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn is(json: Option<&Json>, text: &str) -> bool {
    json.and_then(Json::as_str) == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> ClaimNames {
        toml::from_str(
            r#"
            name = "name"
            email = "email"
            personal_id = "citizen.number"
            enterprise_code = "mst"
            level = "acr"
            levels = { "2" = 2, "urn:loa:1" = 1 }
            means = "amr"
            strong = ["otp", "hwk"]
            "#,
        )
        .unwrap()
    }

    fn read_text(json: &str) -> Identified {
        read(&serde_json::from_str(json).unwrap(), &names()).unwrap()
    }

    #[test]
    fn claims_are_read_where_the_settings_say() {
        let person = read_text(
            r#"{"sub": "x", "name": " Lê Văn Cường ", "email": "C@Hue.vn", "email_verified": true, "acr": 2,
                "citizen": {"number": "046090001234"}, "mst": "3301234567", "amr": ["pwd", "otp"]}"#,
        );
        assert_eq!(person.name.as_deref(), Some("Lê Văn Cường"));
        assert_eq!(person.email, Some(Handle::Email("c@hue.vn".into())));
        assert_eq!(person.personal_id.as_deref(), Some("046090001234"));
        assert_eq!(person.enterprise_code.as_deref(), Some("3301234567"));
        assert_eq!((person.level, person.strong), (2, true));
    }

    #[test]
    fn what_does_not_look_right_is_not_taken() {
        let person = read_text(
            r#"{"sub": "x", "email": "c@hue.vn", "email_verified": false, "acr": "9", "amr": "pwd",
                "citizen": {"number": "46090001234"}, "mst": "33 01234567"}"#,
        );
        assert_eq!((person.email, person.personal_id, person.enterprise_code), (None, None, None));
        assert_eq!((person.level, person.strong), (0, false));
    }
}
