//! `Link` headers (RFC 8288): how a request in plain JSON names its `@context` (JSON-LD 1.1 clause 6.1).

use dinh_ngsild::problem::Problem;
use http::HeaderMap;
use http::header::LINK;

/// The relation that marks a link to an `@context`.
pub(crate) const CONTEXT_RELATION: &str = "http://www.w3.org/ns/json-ld#context";

/// Longest `Link` header that is read, in bytes.
const MAX_LENGTH: usize = 8 << 10;

/// The URL of the `@context` that the headers name, if they name one.
pub(crate) fn context_url(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut found: Option<String> = None;
    for value in headers.get_all(LINK) {
        let text =
            value.to_str().map_err(|_reason| Problem::invalid("The Link header is not plain ASCII text."))?;
        if text.len() > MAX_LENGTH {
            let detail = format!("The Link header is {} bytes long; the limit is {MAX_LENGTH}.", text.len());
            return Err(Problem::invalid(detail));
        }
        for link in links(text) {
            if link.relation.split_ascii_whitespace().all(|relation| relation != CONTEXT_RELATION) {
                continue;
            }
            if found.as_deref().is_some_and(|other| other != link.target) {
                return Err(Problem::bad_data("There is more than one Link header that names an @context."));
            }
            if link.target.is_empty() {
                return Err(Problem::bad_data("The Link header names no URL between < and >."));
            }
            found = Some(link.target.to_owned());
        }
    }
    Ok(found)
}

/// A link that names an `@context`, as a header value.
pub(crate) fn context_link(url: &str) -> String {
    format!("<{url}>; rel=\"{CONTEXT_RELATION}\"; type=\"application/ld+json\"")
}

struct Link<'a> {
    target: &'a str,
    relation: &'a str,
}

/// The links of one header value. Commas and semicolons may stand within `<…>` and within quotes.
fn links(text: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    for part in split_outside(text, ',') {
        let Some((target, parameters)) = part.trim().strip_prefix('<').and_then(|rest| rest.split_once('>'))
        else {
            continue;
        };
        let relation = split_outside(parameters, ';').into_iter().find_map(|parameter| {
            let (name, value) = parameter.trim().split_once('=')?;
            name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"'))
        });
        found.push(Link { target: target.trim(), relation: relation.unwrap_or_default() });
    }
    found
}

/// Splits at `mark` where it stands outside of quotes and angle brackets.
fn split_outside(text: &str, mark: char) -> Vec<&str> {
    let (mut quoted, mut angled) = (false, false);
    text.split(|c: char| {
        match c {
            '"' if !angled => quoted = !quoted,
            '<' if !quoted => angled = true,
            '>' if !quoted => angled = false,
            _ => {}
        }
        c == mark && !quoted && !angled
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn url(values: &[&str]) -> Result<Option<String>, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, HeaderValue::from_str(value).unwrap());
        }
        context_url(&headers).map_err(|problem| problem.detail)
    }

    #[test]
    fn the_context_is_found_among_other_links() {
        let link = context_link("https://a.vn/c.jsonld?x=1,2;3");
        let expected = Ok(Some("https://a.vn/c.jsonld?x=1,2;3".to_owned()));
        assert_eq!(url(&[&link]), expected);
        assert_eq!(url(&["<https://a.vn/p>; rel=\"next\"", &link]), expected);
        assert_eq!(url(&[&format!("<https://a.vn/p>; rel=next, {link}")]), expected);
        assert_eq!(url(&[&link, &link]), expected);
        assert_eq!(url(&["<https://a.vn/p>; rel=next", "nonsense", ""]), Ok(None));
        assert_eq!(url(&[]), Ok(None));
    }

    #[test]
    fn two_contexts_or_none_at_all_are_refused() {
        let two = [context_link("https://a.vn/1"), context_link("https://a.vn/2")];
        assert!(url(&[&two[0], &two[1]]).unwrap_err().contains("more than one"));
        assert!(url(&[&two.join(", ")]).unwrap_err().contains("more than one"));
        assert!(url(&[&context_link("")]).unwrap_err().contains("no URL"));
        assert!(url(&[&context_link(&"x".repeat(9000))]).unwrap_err().contains("8192"));
    }
}
