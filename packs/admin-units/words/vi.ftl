# Cấp của đơn vị hành chính và phần lãnh thổ chuyển sang đơn vị mới.
admin-units-province = Tỉnh, thành phố
admin-units-district = Huyện, quận, thị xã
admin-units-commune = Xã, phường, đặc khu
admin-units-share-full = Toàn bộ
admin-units-share-partial = Một phần
