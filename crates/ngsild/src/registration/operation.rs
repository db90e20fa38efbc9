//! The names of operations that a source may answer (clause 4.20).

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// An operation of the API, as a registration names it (table 4.20-1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $($(#[$doc])* $variant,)+
        }

        impl Operation {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As a registration writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

operations! {
    /// 5.6.1.
    CreateEntity = "createEntity",
    /// 5.6.2: attributes of an entity.
    UpdateEntity = "updateEntity",
    /// 5.6.3.
    AppendAttrs = "appendAttrs",
    /// 5.6.4: a part of one attribute.
    UpdateAttrs = "updateAttrs",
    /// 5.6.5.
    DeleteAttrs = "deleteAttrs",
    /// 5.6.6.
    DeleteEntity = "deleteEntity",
    /// 5.6.7.
    CreateBatch = "createBatch",
    /// 5.6.8.
    UpsertBatch = "upsertBatch",
    /// 5.6.9.
    UpdateBatch = "updateBatch",
    /// 5.6.10.
    DeleteBatch = "deleteBatch",
    /// 5.6.11.
    UpsertTemporal = "upsertTemporal",
    /// 5.6.12.
    AppendAttrsTemporal = "appendAttrsTemporal",
    /// 5.6.13.
    DeleteAttrsTemporal = "deleteAttrsTemporal",
    /// 5.6.14.
    UpdateAttrInstanceTemporal = "updateAttrInstanceTemporal",
    /// 5.6.15.
    DeleteAttrInstanceTemporal = "deleteAttrInstanceTemporal",
    /// 5.6.16.
    DeleteTemporal = "deleteTemporal",
    /// 5.6.17.
    MergeEntity = "mergeEntity",
    /// 5.6.18.
    ReplaceEntity = "replaceEntity",
    /// 5.6.19.
    ReplaceAttrs = "replaceAttrs",
    /// 5.6.20.
    MergeBatch = "mergeBatch",
    /// 5.6.21.
    PurgeEntity = "purgeEntity",
    /// 5.7.1.
    RetrieveEntity = "retrieveEntity",
    /// 5.7.2, asked in the address.
    QueryEntity = "queryEntity",
    /// 5.7.2, asked in a body.
    QueryBatch = "queryBatch",
    /// 5.7.3.
    RetrieveTemporal = "retrieveTemporal",
    /// 5.7.4.
    QueryTemporal = "queryTemporal",
    /// 5.7.5.
    RetrieveEntityTypes = "retrieveEntityTypes",
    /// 5.7.6.
    RetrieveEntityTypeDetails = "retrieveEntityTypeDetails",
    /// 5.7.7.
    RetrieveEntityTypeInfo = "retrieveEntityTypeInfo",
    /// 5.7.8.
    RetrieveAttrTypes = "retrieveAttrTypes",
    /// 5.7.9.
    RetrieveAttrTypeDetails = "retrieveAttrTypeDetails",
    /// 5.7.10.
    RetrieveAttrTypeInfo = "retrieveAttrTypeInfo",
    /// 5.8.1.
    CreateSubscription = "createSubscription",
    /// 5.8.2.
    UpdateSubscription = "updateSubscription",
    /// 5.8.3.
    RetrieveSubscription = "retrieveSubscription",
    /// 5.8.4.
    QuerySubscription = "querySubscription",
    /// 5.8.5.
    DeleteSubscription = "deleteSubscription",
    /// 5.14.1.
    RetrieveEntityMap = "retrieveEntityMap",
    /// 5.14.2.
    UpdateEntityMap = "updateEntityMap",
    /// 5.14.3.
    DeleteEntityMap = "deleteEntityMap",
    /// 5.14.4.
    CreateEntityMapQueryEntity = "createEntityMapQueryEntity",
    /// 5.14.5.
    CreateEntityMapQueryTemporal = "createEntityMapQueryTemporal",
    /// 5.15.1.
    RetrieveContextSourceIdentity = "retrieveContextSourceIdentity",
}

use Operation as O;

/// What can be asked about types, attributes and subscriptions (first part of `federationOps` and `associationOps`).
const ASSOCIATION: &[O] = &[
    O::RetrieveEntity,
    O::QueryEntity,
    O::QueryBatch,
    O::RetrieveEntityTypes,
    O::RetrieveEntityTypeDetails,
    O::RetrieveEntityTypeInfo,
    O::RetrieveAttrTypes,
    O::RetrieveAttrTypeDetails,
    O::RetrieveAttrTypeInfo,
    O::CreateSubscription,
    O::UpdateSubscription,
    O::RetrieveSubscription,
    O::QuerySubscription,
    O::DeleteSubscription,
    O::RetrieveContextSourceIdentity,
];
/// Operations on entity maps.
const MAPS: &[O] =
    &[O::RetrieveEntityMap, O::UpdateEntityMap, O::DeleteEntityMap, O::CreateEntityMapQueryEntity];
const UPDATE: &[O] = &[O::UpdateEntity, O::UpdateAttrs, O::ReplaceEntity, O::ReplaceAttrs];
const RETRIEVE: &[O] = &[O::RetrieveEntity, O::QueryEntity];
const REDIRECTION: &[O] = &[
    O::CreateEntity,
    O::UpdateEntity,
    O::AppendAttrs,
    O::UpdateAttrs,
    O::DeleteAttrs,
    O::DeleteEntity,
    O::MergeEntity,
    O::ReplaceEntity,
    O::ReplaceAttrs,
    O::RetrieveEntity,
    O::QueryEntity,
    O::PurgeEntity,
    O::RetrieveEntityTypes,
    O::RetrieveEntityTypeDetails,
    O::RetrieveEntityTypeInfo,
    O::RetrieveAttrTypes,
    O::RetrieveAttrTypeDetails,
    O::RetrieveAttrTypeInfo,
    O::RetrieveContextSourceIdentity,
];

/// What a name stands for: one operation, or a group of them (table 4.20-2).
pub(super) fn named(name: &str) -> Option<Vec<Operation>> {
    let all = |parts: &[&[O]]| Some(parts.concat());
    match name {
        "federationOps" => all(&[ASSOCIATION, MAPS]),
        "associationOps" => all(&[ASSOCIATION]),
        "updateOps" => all(&[UPDATE]),
        "retrieveOps" => all(&[RETRIEVE]),
        "redirectionOps" => all(&[REDIRECTION, MAPS]),
        one => O::ALL.iter().find(|operation| operation.as_str() == one).map(|operation| vec![*operation]),
    }
}

/// What a source answers that does not say: the group `federationOps`.
pub(super) fn usual() -> Vec<Operation> {
    let mut all = [ASSOCIATION, MAPS].concat();
    all.sort_unstable();
    all
}

/// True if a name is one that an auxiliary source may have (clause 5.9.2.4).
pub(super) fn is_auxiliary(name: &str) -> bool {
    ["retrieveOps", "retrieveEntity", "queryEntity"].contains(&name)
}
