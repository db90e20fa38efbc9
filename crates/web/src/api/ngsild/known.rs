//! The URL parameters of CIM 009, described once. Every operation picks its own from here.

use crate::api::request::Known;

pub(super) const AFTER: Known = Known::number(
    "after",
    "Reads everything, however much it is: 0 begins, and the link to the next page says where to read on. In the order in which entities entered; without orderBy, offset and count. Not in the standard.",
);
pub(super) const AGGR_METHODS: Known = Known::text(
    "aggrMethods",
    "For aggregatedValues: avg, distinctCount, max, min, stddev, sum, sumsq, totalCount, separated by commas.",
);
pub(super) const AGGR_PERIOD: Known = Known::text(
    "aggrPeriodDuration",
    "Length of the periods, e.g. PT1H or P1D; all of the time if not given.",
);
pub(super) const ATTRS: Known = Known::text(
    "attrs",
    "Attribute names, separated by commas: entities must have one of them, and only these are returned. Deprecated by the standard in favour of pick and q.",
);
pub(super) const CONTAINED_BY: Known = Known::text(
    "containedBy",
    "Entities met already while following links; they are not told again. Goes with join.",
);
pub(super) const COORDINATES: Known =
    Known::text("coordinates", "Coordinates of the reference geometry as a JSON array, e.g. [107.58,16.46].");
pub(super) const COUNT: Known =
    Known::flag("count", "Whether the header NGSILD-Results-Count tells how many match in all, exactly.");
pub(super) const CSF: Known =
    Known::text("csf", "Filter over context sources. There are none here, so it changes nothing.");
pub(super) const DATASET_ID: Known = Known::text(
    "datasetId",
    "Attribute instances to return by datasetId, separated by commas; @none is the default instance.",
);
pub(super) const DATASET_ID_ONE: Known =
    Known::text("datasetId", "The instance to delete; without it the default instance.");
pub(super) const DELETE_ALL: Known = Known::flag("deleteAll", "Whether every instance is deleted.");
pub(super) const DETAILS: Known = Known::flag("details", "Whether details are told too.");
pub(super) const ENTITY_MAP: Known = Known::flag(
    "entityMap",
    "Whether to keep a map of the entities found and of who told of each; NGSILD-EntityMap tells where.",
);
pub(super) const ENTITY_MAP_LIFETIME: Known = Known::text(
    "entityMapLifetime",
    "How long such a map should be kept: a duration of ISO 8601, a day at most.",
);
pub(super) const FORMAT: Known =
    Known::text("format", "Representation: normalized, concise, or simplified (also called keyValues).");
pub(super) const FORMAT_TEMPORAL: Known = Known::text(
    "format",
    "Representation: normalized, temporalValues (pairs of value and time) or aggregatedValues.",
);
pub(super) const GEOMETRY: Known = Known::text(
    "geometry",
    "Type of the reference geometry: Point, MultiPoint, LineString, MultiLineString, Polygon or MultiPolygon.",
);
pub(super) const GEOMETRY_PROPERTY: Known = Known::text(
    "geometryProperty",
    "Attribute that becomes the geometry of GeoJSON features; location if not given.",
);
pub(super) const GEOPROPERTY: Known =
    Known::text("geoproperty", "Attribute that the geographic query is about; location if not given.");
pub(super) const GEOREL: Known = Known::text(
    "georel",
    "Geographic relation: near;maxDistance==metres, near;minDistance==metres, within, contains, intersects, equals, disjoint or overlaps.",
);
pub(super) const ID: Known = Known::text("id", "Entity identifiers, separated by commas.");
pub(super) const ID_PATTERN: Known =
    Known::text("idPattern", "Regular expression that identifiers must match.");
pub(super) const JOIN: Known = Known::text(
    "join",
    "Whether the entities that relationships lead to are told too: inline, flat or @none.",
);
pub(super) const JOIN_LEVEL: Known =
    Known::number("joinLevel", "How many links deep: 1 if not given, at most 5.");
pub(super) const KIND: Known = Known::text("kind", "Kind of @context: Hosted, Cached or ImplicitlyCreated.");
pub(super) const LANG: Known = Known::text(
    "lang",
    "Language in which language properties are told, e.g. vi; several with q-weights as in Accept-Language.",
);
pub(super) const LANG_OF_BODY: Known =
    Known::text("lang", "Language of plain texts that are merged into language properties.");
pub(super) const LAST_N: Known =
    Known::number("lastN", "Only so many of the latest values of each attribute.");
pub(super) const KEEP: Known = Known::text(
    "keep",
    "Attributes to keep, separated by commas: entities lose all others instead of being deleted.",
);
pub(super) const DROP: Known = Known::text(
    "drop",
    "Attributes to drop, separated by commas: entities lose them instead of being deleted.",
);
pub(super) const LIMIT: Known =
    Known::number("limit", "Most items to return: 20 if not given, at most 1000; 0 only with count.");
pub(super) const LOCAL: Known = Known::flag("local", "Whether only this server is asked. It always is.");
pub(super) const OBSERVED_AT: Known =
    Known::text("observedAt", "Time of observation for merged attributes that had one and are given none.");
pub(super) const OFFSET: Known =
    Known::number("offset", "How many items to pass over first, at most 1000000.");
pub(super) const OMIT: Known =
    Known::text("omit", "Members to leave out of each entity, separated by commas.");
pub(super) const OPTIONS_READ: Known =
    Known::text("options", "Keywords, separated by commas: sysAttrs, or a representation as in format.");
pub(super) const OPTIONS_LIST: Known = Known::text("options", "Keywords, separated by commas: sysAttrs.");
pub(super) const OPTIONS_MERGE: Known =
    Known::text("options", "Keywords: keyValues, if the body is simplified.");
pub(super) const OPTIONS_NO_OVERWRITE: Known =
    Known::text("options", "Keywords: noOverwrite, to leave attributes alone that exist already.");
pub(super) const OPTIONS_TEMPORAL: Known =
    Known::text("options", "Keywords, separated by commas: sysAttrs, or a representation as in format.");
pub(super) const OPTIONS_UPSERT: Known = Known::text(
    "options",
    "replace (the default): entities that exist get exactly the new content; update: attributes are added to them.",
);
pub(super) const ORDER_BY: Known = Known::text(
    "orderBy",
    "Members to order by, separated by commas, each with ;asc, ;desc, ;dist-asc or ;dist-desc if wanted.",
);
pub(super) const ORDER_FROM: Known =
    Known::text("orderFrom", "Coordinates from which distances are measured for orderBy.");
pub(super) const ORDER_GEOMETRY: Known = Known::text("orderGeometry", "Type of the geometry in orderFrom.");
pub(super) const COLLATION: Known =
    Known::text("collation", "Language whose alphabet decides the order of texts.");
pub(super) const PICK: Known = Known::text("pick", "Only these members of each entity, separated by commas.");
pub(super) const Q: Known = Known::text(
    "q",
    "Condition on attributes (clause 4.9), e.g. waterLevel>2;status==\"ok\". See the guide for the grammar.",
);
pub(super) const EXPAND_VALUES: Known = Known::text(
    "expandValues",
    "Attributes whose values in q are terms of the @context, separated by commas.",
);
pub(super) const JSON_KEYS: Known = Known::text(
    "jsonKeys",
    "Attributes whose values are JSON that no @context touches, separated by commas.",
);
pub(super) const RELOAD: Known =
    Known::flag("reload", "Whether a cached @context is fetched anew instead of forgotten.");
pub(super) const SCOPE_Q: Known =
    Known::text("scopeQ", "Condition on scopes (clause 4.19), e.g. /Hue/# or /Hue/+.");
pub(super) const SPLIT_ENTITIES: Known =
    Known::flag("splitEntities", "Whether entities may be spread over sources. They never are here.");
pub(super) const TIMEREL: Known = Known::text("timerel", "Relation in time: before, after or between.");
pub(super) const TIME_AT: Known =
    Known::text("timeAt", "The instant that timerel compares with, e.g. 2026-10-01T00:00:00Z.");
pub(super) const END_TIME_AT: Known = Known::text("endTimeAt", "The end of the time for timerel=between.");
pub(super) const TIMEPROPERTY: Known = Known::text(
    "timeproperty",
    "Which time of a value counts: observedAt (if not given), createdAt, modifiedAt or deletedAt.",
);
pub(super) const TYPE: Known =
    Known::text("type", "Entity types (clause 4.17): A, A|B, A,B, (A;B); * for any.");
pub(super) const TYPE_OF_ONE: Known = Known::text("type", "Types that the entity must have (clause 4.17).");
