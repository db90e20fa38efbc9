//! Signing in with a password, and with a second factor after it.

use dinh_model::Timestamp;

use super::{By, Identity};
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Handle, State};
use crate::event::{Failure, Means, Origin, What};
use crate::kept::{delete, kind, put};
use crate::password::{MOST, Verdict, normal};
use crate::secret::Digest;
use crate::secrets::Secrets;
use crate::session::{SessionRecord, Shown, Token};
use crate::throttle::{Admitted, Tries};

use super::edit::{Draft, MOST_SESSIONS};

/// What came of signing in.
#[derive(Debug)]
pub enum Answer {
    /// They are signed in.
    SignedIn(Box<SignedIn>),
    /// The password was right; a second factor is asked for. [`Identity::sign_in_second`] takes the ticket, which is
    /// good once and for five minutes. Keep it in a form or in a cookie, never in an address.
    SecondFactor {
        /// What was done so far.
        ticket: String,
        /// Whether one-time codes are an answer. Otherwise recovery codes are, and a passkey instead of all this
        /// ([`Identity::sign_in_passkey`]).
        by_code: bool,
    },
}

/// A session that was opened.
#[derive(Debug)]
pub struct SignedIn {
    /// What the browser keeps, in a cookie that scripts cannot read: 75 characters of base64url. It is not kept here
    /// and cannot be said again.
    pub token: String,
    /// The session.
    pub session: SessionRecord,
}

/// Half a sign-in.
pub(crate) struct Half {
    pub(super) account: AccountId,
    /// Whether the first half was a password.
    pub(super) password: bool,
}

impl Identity {
    /// Signs in with an e-mail address or telephone number and a password.
    ///
    /// A name without an account answers as one with a wrong password, in the same time.
    pub async fn sign_in(&self, name: &str, password: &str, from: &Origin) -> Result<Answer, Error> {
        let by = By::anybody(from);
        let digest = match Handle::parse(name) {
            Ok(handle) => self.digest(&handle),
            Err(_) => self.0.settings.key.digest("none", name.get(..300).unwrap_or(name)),
        };
        let owner = self.owner(&digest).await?;
        let failed = |why| What::SignInFailed { why, handle: Some(digest.as_str().to_owned()) };
        let admitted = match self.admit(&digest, from).await {
            Ok(admitted) => admitted,
            Err(error) => {
                self.note_seldom(&by, owner.as_ref(), failed(Failure::TooSoon)).await?;
                return Err(error);
            }
        };
        // Read also where there is no account, from a key that none has.
        let secrets =
            self.0.kept.get::<Secrets>(kind::SECRET, owner.as_ref().map_or("", AccountId::as_str)).await?;
        let kept = secrets.as_ref().and_then(|secrets| secrets.password.clone()).map(|password| password.phc);
        let has_password = kept.is_some();
        let verdict = self.verify(password, kept).await?;
        let (Some(owner), false) = (owner.as_ref(), verdict == Verdict::Wrong) else {
            if let Some(owner) = owner {
                self.save_tries(&owner, &digest);
                let why = if has_password { Failure::Password } else { Failure::Unknown };
                self.note(&by, Some(&owner), failed(why)).await?;
            } else {
                self.note(&by, None, failed(Failure::Unknown)).await?;
            }
            return Err(Error::Refused);
        };
        let record = self.record(owner).await?;
        if record.state != State::Active {
            self.note(&by, Some(owner), failed(Failure::Locked)).await?;
            return Err(Error::NotActive);
        }
        self.forgive(owner, &digest, &admitted);
        if verdict == Verdict::Outdated {
            self.renew_hash(owner, password, from).await?;
        }
        if let Some(secrets) = secrets.filter(Secrets::has_second_factor) {
            let half = Half { account: owner.clone(), password: true };
            let ticket = self.0.half.give(half, self.now(), self.0.entropy.as_ref())?;
            return Ok(Answer::SecondFactor { ticket, by_code: secrets.totp.is_some() });
        }
        let shown = Shown { means: Means::Password, password: true, strong: false };
        Ok(Answer::SignedIn(Box::new(self.open_session(owner, shown, from).await?)))
    }

    /// Goes on where [`Answer::SecondFactor`] was answered: `code` is a one-time code or a recovery code. After a
    /// wrong one the ticket is spent, and signing in begins anew.
    pub async fn sign_in_second(&self, ticket: &str, code: &str, from: &Origin) -> Result<SignedIn, Error> {
        let Half { account, password } = self.0.half.take(ticket, self.now()).ok_or(Error::Expired)?;
        let means = self.check_code(&account, code, from).await?;
        self.open_session(&account, Shown { means, password, strong: true }, from).await
    }

    /// Checks a password of bearable length.
    pub(crate) async fn verify(&self, password: &str, kept: Option<String>) -> Result<Verdict, Error> {
        if password.len() > MOST * 8 {
            return self.0.hasher.verify(String::new(), None).await;
        }
        self.0.hasher.verify(normal(password), kept).await
    }

    /// Counts an attempt against a name and a network, or says how long to wait.
    pub(crate) async fn admit(&self, name: &Digest, from: &Origin) -> Result<Admitted, Error> {
        let kept = if self.0.throttle.knows(name) {
            None
        } else {
            self.0.kept.get::<Tries>(kind::TRIES, name.as_str()).await?
        };
        self.0.throttle.admit(name, kept, from.address, self.now()).map_err(|until| Error::TooSoon { until })
    }

    /// Notes what anybody can bring about as often as they like: once a minute for an address. Who hammers must not
    /// fill the audit.
    pub(crate) async fn note_seldom(
        &self,
        by: &By,
        account: Option<&AccountId>,
        what: What,
    ) -> Result<(), Error> {
        let from = by.from.address.map(|address| address.to_string()).unwrap_or_default();
        let sort = match &what {
            What::SignInFailed { why, .. } | What::StepUpFailed { why } => Some(*why),
            _ => None,
        };
        if self.0.told.is_new(format!("{sort:?} {from}"), self.now()) {
            self.note(by, account, what).await?;
        }
        Ok(())
    }

    /// The attempt was right.
    pub(crate) fn forgive(&self, account: &AccountId, name: &Digest, admitted: &Admitted) {
        self.0.throttle.forgive(admitted);
        if admitted.before > 0 {
            self.save_tries(account, name);
        }
    }

    /// Keeps how often an account was tried, so that a restart does not forget it. Nobody waits for it: the answer for
    /// a name without an account must not come sooner.
    pub(crate) fn save_tries(&self, account: &AccountId, name: &Digest) {
        let (identity, account, name) = (self.clone(), account.clone(), name.clone());
        tokio::spawn(async move {
            let _lock = identity.0.locks.of(account.as_str()).await;
            if let Err(error) = identity.write_tries(&name).await {
                tracing::warn!(%error, "attempts to sign in were not saved");
            }
        });
    }

    /// Writes what is now in memory, whichever attempt asked for it. The account's lock is held.
    async fn write_tries(&self, name: &Digest) -> Result<(), Error> {
        let tries = self.0.throttle.tries(name);
        let op = if tries == Tries::default() {
            if self.0.kept.get::<Tries>(kind::TRIES, name.as_str()).await?.is_none() {
                return Ok(());
            }
            delete(kind::TRIES, name.as_str())
        } else {
            put(kind::TRIES, name.as_str(), &tries)?
        };
        self.0.kept.write(vec![op]).await
    }

    /// Hashes a password again at today's cost.
    async fn renew_hash(&self, account: &AccountId, password: &str, from: &Origin) -> Result<(), Error> {
        let phc = self.0.hasher.hash(normal(password)).await?;
        self.edit(account, &By::holder(account, from), |draft| {
            if let Some(kept) = &mut draft.secrets.password {
                kept.phc = phc;
            }
            Ok(())
        })
        .await
    }

    /// Opens a session: the only place where one begins.
    pub(crate) async fn open_session(
        &self,
        account: &AccountId,
        shown: Shown,
        from: &Origin,
    ) -> Result<SignedIn, Error> {
        let now = self.now();
        let token = Token::fresh(account, now, self.0.entropy.as_ref())?;
        let lifetimes = self.0.settings.sessions;
        let by = By::holder(account, from);
        let session = self
            .edit(account, &by, |draft| {
                if draft.record.state != State::Active {
                    return Err(Error::NotActive);
                }
                let official = is_official(&draft.record);
                let lifetime = if official { lifetimes.officials } else { lifetimes.citizens };
                let mut session = SessionRecord::open(account, shown, from, lifetime, now);
                session.id = token.session.text();
                session.secret_hash = token.hash();
                make_room(draft, now);
                draft.sessions.push(session.clone());
                draft.events.push(What::SignedIn { means: shown.means, session: session.id.clone() });
                Ok(session)
            })
            .await?;
        Ok(SignedIn { token: token.text(), session })
    }
}

/// Whether the short sessions of the administration are right for it.
fn is_official(record: &AccountRecord) -> bool {
    record.kind != dinh_access::AccountKind::Citizen || !record.roles.is_empty()
}

/// Drops sessions that are over, and those longest unused where there would be too many.
fn make_room(draft: &mut Draft, now: Timestamp) {
    draft.sessions.retain(|session| !session.is_over(session.seen, now));
    let mut dropped = Vec::new();
    while draft.sessions.len() >= MOST_SESSIONS {
        let oldest = draft.sessions.iter().enumerate().min_by_key(|(_, session)| session.seen);
        let Some((at, _)) = oldest else { break };
        dropped.push(draft.sessions.remove(at).id);
    }
    if !dropped.is_empty() {
        draft.events.push(What::SessionsRevoked { sessions: dropped });
    }
}
