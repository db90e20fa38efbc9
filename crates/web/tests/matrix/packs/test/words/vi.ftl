test-works = Đang hoạt động
