//! Lists of accounts, by what people know of them.

use dinh_access::AccountKind;
use dinh_model::Iri;
use dinh_model::fold::fold;

use super::{Office, Rights};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Handle, State, today};
use crate::kept::kind;

/// Most accounts, or keys, that are looked at for one list.
pub(in crate::facade) const LOOKED_AT: usize = 20_000;
/// Accounts, or keys, read at once.
pub(in crate::facade) const PAGE: usize = 500;

/// Which accounts are asked for. What is absent matches all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Words of the name, accents and case aside; or the whole of an e-mail address or telephone number.
    pub words: String,
    /// What kind of holder.
    pub kind: Option<AccountKind>,
    /// Whether they may be used.
    pub state: Option<State>,
    /// Those that have a role here today.
    pub role: Option<String>,
    /// Those that have a position in this unit today.
    pub unit: Option<Iri>,
}

/// An account as it is known here.
#[derive(Clone, Debug)]
pub struct Known {
    /// The account; of one that is looked after elsewhere only its identifier, kind and name, and its rights here.
    pub record: AccountRecord,
    /// Whether it is looked after from here.
    pub cared_for: bool,
}

/// Part of a list.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The accounts, in order of their names.
    pub accounts: Vec<Known>,
    /// How many there are in all.
    pub total: usize,
    /// True if there are more accounts than are looked at for a list (20,000), so that some may be missing.
    pub cut_off: bool,
}

impl Office {
    /// The accounts asked for, in order of their names: at most `limit` of them after the first `offset`. Those that
    /// are looked after from here, and those that have rights here.
    pub async fn list(&self, wanted: &Wanted, offset: usize, limit: usize) -> Result<Found, Error> {
        if let Some(known) = self.by_handle(&wanted.words).await? {
            let fits = self.fits(&known.record, &Wanted { words: String::new(), ..wanted.clone() });
            let accounts: Vec<_> = Some(known).filter(|_| fits && offset == 0).into_iter().collect();
            return Ok(Found { total: usize::from(fits), accounts, cut_off: false });
        }
        let words = fold(&wanted.words);
        let (mut found, mut after, mut looked_at) = (Vec::new(), String::new(), 0);
        let mut cut_off = true;
        while looked_at < LOOKED_AT {
            let page = self.identity.0.kept.list::<AccountRecord>(kind::ACCOUNT, &after, PAGE).await?;
            let read = page.len();
            looked_at += read;
            for (key, record) in page {
                after = key;
                let Some(known) = self.known_of(record) else { continue };
                let name = fold(&known.record.name);
                if words.split_whitespace().all(|word| name.contains(word))
                    && self.fits(&known.record, wanted)
                {
                    found.push((name, known));
                }
            }
            if read < PAGE {
                cut_off = false;
                break;
            }
        }
        found.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.record.id.cmp(&y.record.id)));
        let total = found.len();
        let accounts = found.into_iter().skip(offset).take(limit).map(|(_, known)| known).collect();
        Ok(Found { accounts, total, cut_off })
    }

    /// One account, if it is looked after from here or has rights here.
    pub async fn known(&self, id: &AccountId) -> Result<Known, Error> {
        let record = self.identity.record(id).await?;
        if self.oneself.as_ref() == Some(id) {
            return Ok(Known { cared_for: self.sees(&record), record });
        }
        let home = record.home.clone();
        self.known_of(record).ok_or(Error::Elsewhere(home))
    }

    /// The account whose whole address these words are.
    async fn by_handle(&self, words: &str) -> Result<Option<Known>, Error> {
        let Ok(handle) = Handle::parse(words.trim()) else { return Ok(None) };
        match self.find(&handle).await {
            // Of a stranger the list would say no more than that there is one; who gives rights asks for that alone.
            Ok(record) => Ok(Some(Known { cared_for: self.sees(&record), record })),
            Err(Error::NoAccount) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn known_of(&self, record: AccountRecord) -> Option<Known> {
        if self.sees(&record) {
            return Some(Known { record, cared_for: true });
        }
        let rights = Rights::of(&record, &self.tenant);
        if rights.roles.is_empty() && rights.positions.is_empty() {
            return None;
        }
        let AccountRecord { id, kind, home, name, created, state, .. } = record;
        let record = AccountRecord {
            roles: rights.roles,
            positions: rights.positions,
            state,
            ..AccountRecord::new(id, kind, home, &name, created)
        };
        Some(Known { record, cared_for: false })
    }

    fn fits(&self, record: &AccountRecord, wanted: &Wanted) -> bool {
        let day = today(self.identity.now());
        let has_role = |code: &String| {
            let mut roles = record.roles.iter();
            roles.any(|role| role.tenant == self.tenant && role.code == *code && role.days.contains(day))
        };
        let works_in = |unit: &Iri| {
            let mut positions = record.positions.iter();
            positions.any(|at| at.tenant == self.tenant && at.unit == *unit && at.days.contains(day))
        };
        wanted.kind.is_none_or(|kind| kind == record.kind)
            && wanted.state.is_none_or(|state| state == record.state)
            && wanted.role.as_ref().is_none_or(has_role)
            && wanted.unit.as_ref().is_none_or(works_in)
    }
}
