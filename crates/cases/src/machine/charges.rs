//! What a case costs: by the rates and reductions of a day, or as it was fixed.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::{Case, Charge, ExprFault, Fee, Kind, Off, Scope};

/// The fact that says that what a case costs was paid. From then on nothing about it changes.
const PAID: &str = "paid";

impl Kind {
    /// What a case costs by what was filed ([`Scope::of_filing`]), fee by fee, with what each stands on and what was taken
    /// off; also what is free. The day of the scope decides.
    ///
    /// # Errors
    /// The fault of an amount that cannot be computed.
    pub fn charges(&self, filed: &Scope) -> Result<Vec<Charge>, ExprFault> {
        let mut charges = Vec::new();
        for fee in &self.fees {
            // Of what is free it does not matter how many there are, and often nobody said.
            let is_free = fee.free_if.as_ref().is_some_and(|free| free.is_true(filed));
            let count = fee.times.as_ref().map_or(Ok(1), |times| times.count(filed));
            let times = if is_free { count.unwrap_or(0) } else { count? };
            if times > 0 {
                charges.push(self.charge(fee, times, is_free, filed));
            }
        }
        Ok(charges)
    }

    fn charge(&self, fee: &Fee, times: u64, is_free: bool, filed: &Scope) -> Charge {
        let day = filed.0.get("today").and_then(Json::as_str).and_then(|day| day.parse::<Date>().ok());
        let rate = day.and_then(|day| self.tariff.rate(&self.code, &fee.code, day));
        let each = rate.map_or(fee.amount, |rate| rate.amount);
        let basis = rate.map_or(&fee.basis, |rate| &rate.basis).clone();
        let whole = each.saturating_mul(times);
        let holds = |one: &&crate::Reduction| {
            day.is_some_and(|day| one.holds_on(day))
                && one.is_about(&self.code, &fee.code)
                && one.when.as_ref().is_none_or(|when| when.is_true(filed))
        };
        let off = if is_free {
            Some(Off { reduction: None, amount: whole, basis: fee.basis.clone() })
        } else {
            let best = self.tariff.reductions.iter().filter(holds).max_by_key(|one| one.percent);
            best.map(|one| {
                let (reduction, basis) = (Some(one.code.clone()), one.basis.clone());
                Off { reduction, amount: one.of(whole), basis }
            })
        };
        let amount = whole.saturating_sub(off.as_ref().map_or(0, |off| off.amount));
        Charge { fee: fee.code.clone(), each, times, basis, off, amount }
    }

    /// What a case costs: as it was fixed, and for one that is older than that, by what was filed.
    ///
    /// # Errors
    /// The fault of an amount that cannot be computed.
    pub fn charges_of(&self, case: &Case) -> Result<Vec<Charge>, ExprFault> {
        match &case.charges {
            Some(charges) => Ok(charges.clone()),
            None => self.charges(&Scope::of_filing(&case.answers, case.channel, case.opened)),
        }
    }

    /// Fixes what a case costs on a day: that of its filing first, then that of its receipt, which decides unless it was
    /// paid by then.
    pub(super) fn fix_charges(&self, case: &mut Case, at: Timestamp) {
        if self.fees.is_empty() || case.facts.contains_key(PAID) {
            return;
        }
        // What cannot be computed stays open: conditions that ask for it are not true.
        case.charges = self.charges(&Scope::of_filing(&case.answers, case.channel, at)).ok();
    }
}
