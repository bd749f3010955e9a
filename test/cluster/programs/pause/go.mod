module podline.test/pause

go 1.24
