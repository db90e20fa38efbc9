//! A kind as a picture: where its states lie and which actions lead from one to the next. In cells of a grid; whoever
//! draws it says how large a cell is.

use std::collections::{BTreeMap, VecDeque};

use crate::Kind;

/// A picture of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The states.
    pub nodes: Vec<Node>,
    /// The ways between them, each once, whatever the number of actions.
    pub edges: Vec<Edge>,
    /// How many rows there are.
    pub rows: usize,
    /// How many columns there are.
    pub columns: usize,
}

/// A state in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its code.
    pub state: String,
    /// Its row, from 0: how many actions it takes at least to get there.
    pub row: usize,
    /// Its column, from 0.
    pub column: usize,
}

/// A way in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// From which state, by its place in the list.
    pub from: usize,
    /// To which state, by its place in the list.
    pub to: usize,
    /// By which actions.
    pub actions: Vec<String>,
}

impl Drawing {
    /// Draws a kind. States that cannot be reached stand in a row of their own at the end, so that they are seen.
    pub fn of(kind: &Kind) -> Self {
        let rows = distances(kind);
        let last = rows.values().max().map_or(0, |row| row + 1);
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let nodes: Vec<Node> = kind
            .states
            .iter()
            .map(|state| {
                let row = rows.get(state.code.as_str()).copied().unwrap_or(last);
                let column = taken.entry(row).or_default();
                *column += 1;
                Node { state: state.code.clone(), row, column: *column - 1 }
            })
            .collect();
        let rows = nodes.iter().map(|node| node.row + 1).max().unwrap_or_default();
        let columns = taken.values().copied().max().unwrap_or_default();
        Self { edges: edges(kind), nodes, rows, columns }
    }
}

/// How many actions it takes at least from the first state to each other.
fn distances(kind: &Kind) -> BTreeMap<&str, usize> {
    let mut distances = BTreeMap::new();
    let mut waiting = VecDeque::from_iter(kind.first().map(|first| (first.code.as_str(), 0)));
    while let Some((state, distance)) = waiting.pop_front() {
        if distances.contains_key(state) {
            continue;
        }
        distances.insert(state, distance);
        let next = kind.actions_from(state).filter_map(|action| action.to.as_deref());
        waiting.extend(next.map(|next| (next, distance + 1)));
    }
    distances
}

fn edges(kind: &Kind) -> Vec<Edge> {
    let place = |code: &str| kind.states.iter().position(|state| state.code == code);
    let mut ways: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for action in &kind.actions {
        for from in &action.from {
            let to = action.to.as_ref().unwrap_or(from);
            if let (Some(from), Some(to)) = (place(from), place(to))
                && from != to
            {
                ways.entry((from, to)).or_default().push(action.code.clone());
            }
        }
    }
    ways.into_iter().map(|((from, to), actions)| Edge { from, to, actions }).collect()
}
