//! From the graph to what is shown: ages, signs, values in words.

mod age;
mod sign;
mod value;

pub(super) use age::age;
pub(super) use sign::{class_sign, item_sign, layer_sign};
pub(super) use value::{Voice, number_of_digits, shown, title_of};
