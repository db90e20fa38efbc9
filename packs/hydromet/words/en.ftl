# State of a river gauge against its alarm levels.
hydromet-alarm-0 = Below alarm level I
hydromet-alarm-1 = Above alarm level I
hydromet-alarm-2 = Above alarm level II
hydromet-alarm-3 = Above alarm level III
hydromet-above-alarm-3 = Above alarm level III by { $metres } m
hydromet-exercise = Exercise, not real measurements
