//! Arrays of entities, fragments or identifiers (clauses 5.6.7–5.6.10 and 5.6.20).

use serde_json::Value as Json;

use super::ReadError;

/// The items of a batch: an array that is not empty, of at most `most` items, none of them null. Each item is read by
/// itself afterwards, so that one that is wrong does not spoil the others.
pub fn batch(json: Json, most: usize) -> Result<Vec<Json>, ReadError> {
    let Json::Array(items) = json else {
        return Err(ReadError::Syntax("an array was expected".to_owned()));
    };
    if items.is_empty() {
        return Err(ReadError::at("", "the array is empty"));
    }
    if items.len() > most {
        return Err(ReadError::at("", format!("the array has {} items; the limit is {most}", items.len())));
    }
    if let Some(at) = items.iter().position(Json::is_null) {
        return Err(ReadError::at("", format!("item {at} is null")));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_is_a_filled_array() {
        assert_eq!(batch(json!([{}, {}]), 2).unwrap().len(), 2);
        for bad in [json!([]), json!([null]), json!({}), json!([1, 2, 3])] {
            assert!(batch(bad.clone(), 2).is_err(), "{bad}");
        }
    }
}
