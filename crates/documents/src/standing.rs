//! Where a document stands (Decree 30/2020/NĐ-CP: drawn up, registered and numbered, signed and sealed, issued).

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It has its number, and waits to be signed and issued. It holds for nobody.
    Numbered,
    /// It was issued and holds.
    Valid,
    /// Another one has taken its place.
    Replaced,
    /// It was taken back.
    Revoked,
    /// It was given up before it was issued. Its number stays in the register and is not used again.
    Void,
}

/// What may happen to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// Something is added to its file, as a signature is.
    Append,
    /// It is issued.
    Issue,
    /// It is given up.
    GiveUp,
    /// Another one takes its place.
    Replace,
    /// It is taken back.
    Revoke,
}

/// That something cannot happen to a document where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("standing: a document that is {} cannot be {}", .0.name(), .1.done())]
pub struct Standstill(Standing, Move);

impl Standing {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Numbered, Self::Valid, Self::Replaced, Self::Revoked, Self::Void];

    /// The name that entities and pages write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Numbered => "numbered",
            Self::Valid => "valid",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
            Self::Void => "void",
        }
    }

    /// From [`Standing::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// Where it stands after something has happened to it.
    ///
    /// # Errors
    /// [`Standstill`] for what cannot happen to it.
    pub const fn after(self, what: Move) -> Result<Self, Standstill> {
        match (self, what) {
            (Self::Numbered, Move::Append) => Ok(Self::Numbered),
            (Self::Numbered, Move::Issue) => Ok(Self::Valid),
            (Self::Numbered, Move::GiveUp) => Ok(Self::Void),
            (Self::Valid, Move::Replace) => Ok(Self::Replaced),
            (Self::Valid, Move::Revoke) => Ok(Self::Revoked),
            _ => Err(Standstill(self, what)),
        }
    }
}

impl Move {
    const fn done(self) -> &'static str {
        match self {
            Self::Append => "added to",
            Self::Issue => "issued",
            Self::GiveUp => "given up",
            Self::Replace => "replaced",
            Self::Revoke => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over_and_only_what_was_issued_is_taken_back() {
        let moves = [Move::Append, Move::Issue, Move::GiveUp, Move::Replace, Move::Revoke];
        for over in [Standing::Replaced, Standing::Revoked, Standing::Void] {
            assert!(moves.iter().all(|what| over.after(*what).is_err()), "{over:?}");
        }
        assert_eq!(Standing::Numbered.after(Move::Issue), Ok(Standing::Valid));
        assert_eq!(
            Standing::Valid.after(Move::Append).map_err(|e| e.to_string()),
            Err("standing: a document that is valid cannot be added to".to_owned())
        );
        assert_eq!(Standing::Valid.after(Move::Revoke), Ok(Standing::Revoked));
    }

    #[test]
    fn names_are_read_again() {
        for standing in Standing::ALL {
            assert_eq!(Standing::from_name(standing.name()), Some(standing));
        }
    }
}
