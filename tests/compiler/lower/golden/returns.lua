function order_exists(order) return order == "A1" end
function open_return(order, code) return "R-" .. order end
