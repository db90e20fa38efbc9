//! What feeds need to know of the place where they run: folders, addresses, secrets.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::Words;

/// Settings of an installation, from its configuration file.
#[derive(Clone, Default)]
pub struct FeedSettings {
    /// Folder that `{data}` in definitions stands for.
    pub data: PathBuf,
    /// Values that `{setting.name}` in definitions stands for: addresses of brokers, folders.
    pub values: BTreeMap<String, String>,
    /// Secrets that definitions name: passwords, keys. Never shown, never logged.
    pub secrets: BTreeMap<String, String>,
}

impl fmt::Debug for FeedSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeedSettings")
            .field("data", &self.data)
            .field("values", &self.values)
            .field("secrets", &self.secrets.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl FeedSettings {
    /// A text of a definition with `{data}` and `{setting.name}` filled in.
    pub fn fill(&self, text: &str) -> Result<String, Words> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (literal, tail) = rest.split_at(open);
            filled.push_str(literal);
            let Some(close) = tail.find('}') else {
                rest = tail;
                break;
            };
            let (place, after) = tail.split_at(close + 1);
            let name = place.trim_start_matches('{').trim_end_matches('}');
            filled.push_str(&self.value(name)?);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn value(&self, name: &str) -> Result<String, Words> {
        if name == "data" {
            return Ok(self.data.display().to_string());
        }
        let value = name.strip_prefix("setting.").and_then(|name| self.values.get(name));
        value.cloned().ok_or_else(|| {
            Words::new(
                format!("cấu hình chưa có giá trị {name}"),
                format!("the configuration has no value for {name}"),
            )
        })
    }

    /// A secret by its name.
    pub fn secret(&self, name: &str) -> Result<&str, Words> {
        self.secrets.get(name).map(String::as_str).ok_or_else(|| {
            Words::new(
                format!("cấu hình chưa có bí mật {name}"),
                format!("the configuration has no secret named {name}"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_places_and_hides_secrets() {
        let settings = FeedSettings {
            data: "/var/dinh".into(),
            values: BTreeMap::from([("mqtt".to_owned(), "mqtt://h:1883".to_owned())]),
            secrets: BTreeMap::from([("key".to_owned(), "s3cret".to_owned())]),
        };
        assert_eq!(settings.fill("{data}/inbox").unwrap(), "/var/dinh/inbox");
        assert_eq!(settings.fill("{setting.mqtt}").unwrap(), "mqtt://h:1883");
        assert!(settings.fill("{setting.none}").unwrap_err().en.contains("setting.none"));
        assert_eq!(settings.fill("a{b").unwrap(), "a{b");
        assert_eq!(settings.secret("key").unwrap(), "s3cret");
        assert!(!format!("{settings:?}").contains("s3cret"));
    }
}
