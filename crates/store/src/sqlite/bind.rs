//! How keys of the index of values are written in rows.

use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;

use crate::facets::Key;

/// Tags of keys that are bytes, in the order of [`Key`].
const ANY: u8 = 0;
const INEXACT: u8 = 1;
const BOOL: u8 = 2;
const CLOCK: u8 = 3;
const DAY: u8 = 4;
const MOMENT: u8 = 5;

impl ToSql for Key {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::TextEnd => Vec::new().into(),
            Self::Any => vec![ANY].into(),
            Self::Inexact => vec![INEXACT].into(),
            Self::Bool(flag) => vec![BOOL, u8::from(*flag)].into(),
            Self::Clock(nanos) => ordered(CLOCK, *nanos).into(),
            Self::Day(days) => ordered(DAY, *days).into(),
            Self::Moment(micros) => ordered(MOMENT, *micros).into(),
        })
    }
}

/// Bytes that sort as the numbers do.
fn ordered(tag: u8, number: i64) -> Vec<u8> {
    let mut bytes = vec![tag];
    bytes.extend_from_slice(&(number.cast_unsigned() ^ (1 << 63)).to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use rusqlite::types::ValueRef;

    use super::*;

    /// The key that a row holds; `None` if it holds none that was ever written.
    fn key(value: ValueRef<'_>) -> Option<Key> {
        match value {
            ValueRef::Real(number) => Some(Key::Number(number)),
            ValueRef::Text(text) => Some(Key::Text(std::str::from_utf8(text).ok()?.to_owned())),
            ValueRef::Blob([ANY]) => Some(Key::Any),
            ValueRef::Blob([INEXACT]) => Some(Key::Inexact),
            ValueRef::Blob([BOOL, flag]) => Some(Key::Bool(*flag == 1)),
            ValueRef::Blob([tag, rest @ ..]) => {
                let bits = u64::from_be_bytes(rest.try_into().ok()?);
                let number = (bits ^ (1 << 63)).cast_signed();
                match *tag {
                    CLOCK => Some(Key::Clock(number)),
                    DAY => Some(Key::Day(number)),
                    MOMENT => Some(Key::Moment(number)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    #[test]
    fn rows_sort_as_keys_do_and_come_back() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("CREATE TABLE t (k ANY NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID")
            .unwrap();
        let keys = [
            Key::Number(f64::NEG_INFINITY),
            Key::Number(-1.5),
            Key::Number(2.0),
            Key::Number(f64::INFINITY),
            Key::Text(String::new()),
            Key::Text("a".into()),
            Key::Text("ế".into()),
            Key::Any,
            Key::Inexact,
            Key::Bool(false),
            Key::Bool(true),
            Key::Clock(-1),
            Key::Clock(1),
            Key::Day(-1),
            Key::Day(1),
            Key::Moment(i64::MIN),
            Key::Moment(0),
        ];
        assert!(keys.is_sorted());
        for key in keys.iter().rev() {
            connection.execute("INSERT INTO t VALUES (?1)", [key]).unwrap();
        }
        let mut statement = connection.prepare("SELECT k FROM t ORDER BY k").unwrap();
        let back: Vec<Key> = statement
            .query_map([], |row| Ok(key(row.get_ref(0)?).unwrap()))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(back, keys);
        let past: bool = connection
            .query_row("SELECT ?1 > 'zzz' AND ?1 < x'00'", [Key::TextEnd], |row| row.get(0))
            .unwrap();
        assert!(past);
    }
}
