# Levels of administrative units and the share of territory that went to a new unit.
admin-units-province = Province or city
admin-units-district = District or town
admin-units-commune = Commune, ward or special zone
admin-units-share-full = Whole
admin-units-share-partial = Part
