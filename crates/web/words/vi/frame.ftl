# Lời trên các trang. Mỗi mục là một câu hoặc một cụm trọn vẹn; không ghép câu từ nhiều mảnh.

## Khung trang
skip-to-content = Đến nội dung chính
main-navigation = Các trang
choose-province = Chọn tỉnh, thành phố
search = Tìm kiếm
search-placeholder = Tìm trạm, xã, địa điểm
appearance = Giao diện
theme-auto = Theo thiết bị
theme-light = Sáng
theme-dark = Tối
nav-map = Điều hành
nav-list = Danh sách
nav-sources = Nguồn dữ liệu
nav-around = Quanh tôi
close = Đóng
