## Lỗi
error-not-found = Không tìm thấy trang
error-not-found-text = Địa chỉ này không có trang nào. Có thể địa chỉ đã đổi hoặc bị gõ nhầm.
error-entity-not-found = Không tìm thấy đối tượng
error-entity-not-found-text = Đối tượng này không có hoặc không còn trong hệ thống.
error-bad-request = Yêu cầu chưa đúng
error-bad-request-text = Địa chỉ hoặc nội dung gửi lên có chỗ chưa đúng. Chưa có gì bị thay đổi.
error-denied = Chưa được phép
error-denied-text = Anh/chị không có quyền xem trang hoặc làm việc này. Chưa có gì bị thay đổi.
error-other-site = Yêu cầu đến từ trang khác
error-other-site-text = Trình duyệt gửi yêu cầu này từ một trang không thuộc hệ thống nên yêu cầu bị từ chối. Chưa có gì bị thay đổi. Bạn hãy mở trang của hệ thống và làm lại từ đó.
error-too-many = Quá nhiều yêu cầu
error-too-many-text = Trong thời gian ngắn, bạn hoặc những người dùng chung mạng với bạn đã gửi quá nhiều yêu cầu. Bạn đợi vài giây rồi tải lại trang.
error-busy = Hệ thống đang bận
error-busy-text = Có quá nhiều yêu cầu cùng lúc. Bạn thử lại sau ít phút.
error-internal = Có lỗi trong hệ thống
error-internal-text = Lỗi đã được ghi lại. Bạn thử tải lại trang sau ít phút.
to-start = Về trang chủ
