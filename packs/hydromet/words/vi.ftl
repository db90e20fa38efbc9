# Trạng thái của trạm thủy văn so với cấp báo động.
hydromet-alarm-0 = Dưới báo động I
hydromet-alarm-1 = Trên báo động I
hydromet-alarm-2 = Trên báo động II
hydromet-alarm-3 = Trên báo động III
hydromet-above-alarm-3 = Trên báo động III { $metres } m
hydromet-exercise = Diễn tập, không phải số đo thật
