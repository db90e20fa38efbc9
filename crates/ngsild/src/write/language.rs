//! Choosing among the texts of a language property (clause 4.15; RFC 4647 lookup).

use dinh_model::{LanguageText, OneOrMany};

use crate::query::QueryError;
use crate::vocabulary::NONE;

/// Most languages in a preference.
const LANGUAGES: usize = 32;

/// Languages in order of preference, as in `vi,en;q=0.8,*;q=0.1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Languages(Vec<String>);

impl Languages {
    /// Reads a `lang` parameter.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let bad = |reason: &str| QueryError::Value {
            parameter: "lang",
            value: text.chars().take(100).collect(),
            reason: reason.to_owned(),
        };
        let mut ranked = Vec::new();
        for part in text.split(',') {
            let (tag, weight) = match part.split_once(';') {
                None => (part.trim(), 1.0),
                Some((tag, weight)) => {
                    let weight =
                        weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f64>().ok());
                    let weight = weight.filter(|weight| (0.0..=1.0).contains(weight));
                    (
                        tag.trim(),
                        weight.ok_or_else(|| bad("a weight is written ;q= and a number from 0 to 1"))?,
                    )
                }
            };
            let fits = tag == "*"
                || tag == NONE
                || tag.split('-').all(|part| {
                    (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
                });
            if !fits {
                return Err(bad("write language tags such as vi or fr-CH, separated by commas"));
            }
            ranked.push((weight, tag.to_owned()));
        }
        if ranked.len() > LANGUAGES {
            return Err(bad("too many languages; the limit is 32"));
        }
        ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        Ok(Self(ranked.into_iter().filter(|(weight, _)| *weight > 0.0).map(|(_, tag)| tag).collect()))
    }

    /// One language.
    pub fn only(tag: &str) -> Self {
        Self(vec![tag.to_owned()])
    }

    /// The best text with its language: by exact tag, then by a longer one, then by a shorter one; and if no language
    /// fits, the default text or else any.
    pub fn choose<'t>(&self, texts: &'t LanguageText) -> Option<(&'t str, &'t OneOrMany<String>)> {
        let found = self.0.iter().find_map(|wanted| {
            if wanted == "*" {
                return any(texts);
            }
            entry(texts, |tag| tag.eq_ignore_ascii_case(wanted))
                .or_else(|| entry(texts, |tag| begins(tag, wanted)))
                .or_else(|| {
                    shorter(wanted).find_map(|range| entry(texts, |tag| tag.eq_ignore_ascii_case(range)))
                })
        });
        found.or_else(|| entry(texts, |tag| tag == NONE)).or_else(|| any(texts))
    }
}

type Chosen<'t> = Option<(&'t str, &'t OneOrMany<String>)>;

fn entry(texts: &LanguageText, fits: impl Fn(&str) -> bool) -> Chosen<'_> {
    texts.iter().find(|(tag, _)| fits(tag)).map(|(tag, texts)| (tag.as_str(), texts))
}

fn any(texts: &LanguageText) -> Chosen<'_> {
    entry(texts, |tag| tag == NONE).or_else(|| entry(texts, |_| true))
}

/// `en-US` begins with `en`.
fn begins(tag: &str, wanted: &str) -> bool {
    tag.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
        && tag.as_bytes().get(wanted.len()) == Some(&b'-')
}

/// `zh-Hant-TW`: `zh-Hant`, then `zh`.
fn shorter(wanted: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(wanted.rsplit_once('-'), |(range, _)| range.rsplit_once('-'))
        .map(|(range, _)| range)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(wanted: &str, tags: &[&str]) -> String {
        let texts: LanguageText =
            tags.iter().map(|tag| ((*tag).to_owned(), OneOrMany::One(String::new()))).collect();
        Languages::parse(wanted).unwrap().choose(&texts).unwrap().0.to_owned()
    }

    #[test]
    fn the_best_language_is_found_by_lookup() {
        assert_eq!(chosen("fr;q=0.2,nl;q=0.9", &["fr", "nl"]), "nl");
        assert_eq!(chosen("FR", &["fr", "nl"]), "fr");
        assert_eq!(chosen("nl-BE", &["fr", "nl"]), "nl");
        assert_eq!(chosen("en", &["de", "en-US"]), "en-US");
        assert_eq!(chosen("fr-CH,fr;q=0.9,en;q=0.8,*;q=0.5", &["de", "en"]), "en");
        assert_eq!(chosen("pt", &["@none", "vi"]), "@none");
        assert_eq!(chosen("pt", &["vi"]), "vi");
        assert_eq!(chosen("*", &["vi"]), "vi");
        for bad in ["", "e n", "fr;q=2", "fr;x", "a,,b"] {
            assert!(Languages::parse(bad).is_err(), "{bad}");
        }
    }
}
