// How a map marker looks from some frame on: one element of its positions.

import Mission
import Values

/// A marker's place and look, from its CREATE or a STATE.
public struct MarkerLook {
    /// From this frame on.
    public var frame: UInt32
    /// Of a polyline the first point.
    public var position: Position
    /// Degrees.
    public var direction: Float
    /// 0 to 1.
    public var alpha: Float
    /// What is written beside it.
    public var text: Text
    /// As sent, with `#`.
    public var color: Text
    /// As sent, `[1,1]`.
    public var size: Text
    /// Marker class.
    public var type: Text
    /// How its area is filled.
    public var brush: Text
    /// `ICON`, `RECTANGLE`, `ELLIPSE`, `POLYLINE`.
    public var shape: Text

    /// As it was created.
    public init(_ created: MarkerCreated) {
        frame = created.frame
        position = created.position
        direction = created.direction
        alpha = created.alpha
        text = created.text
        color = created.color
        size = created.size
        type = created.type
        brush = created.brush
        shape = created.shape
    }

    /// As it was changed.
    public init(_ state: MarkerState) {
        frame = state.frame
        position = state.position
        direction = state.direction
        alpha = state.alpha
        text = state.text
        color = state.color
        size = state.size
        type = state.type
        brush = state.brush
        shape = state.shape
    }

    init(from cursor: inout ByteCursor) {
        frame = cursor.frame()
        position = cursor.position()
        direction = Float(bitPattern: cursor.number(UInt32.self))
        alpha = Float(bitPattern: cursor.number(UInt32.self))
        text = cursor.text()
        color = cursor.text()
        size = cursor.text()
        type = cursor.text()
        brush = cursor.text()
        shape = cursor.text()
    }

    func encode(into buffer: inout ByteBuffer) {
        buffer.put(varint: UInt64(frame))
        buffer.put(position)
        buffer.put(number: direction.bitPattern)
        buffer.put(number: alpha.bitPattern)
        for text in [text, color, size, type, brush, shape] { buffer.put(text) }
    }

    /// `[frame,place,direction,alpha,text,colour,size,type,brush,shape]`; the place is a point, or
    /// the points of a polyline.
    func append(
        frame: Int, polyline: [Position], to window: inout [UInt8], texts: borrowing TextTable
    ) {
        window.append(UInt8(ascii: "["))
        window.appendDecimal(frame)
        window.append(UInt8(ascii: ","))
        if polyline.isEmpty {
            window.appendPosition(position)
        } else {
            for index in polyline.indices {
                window.append(contentsOf: index == 0 ? "[[" : ",[")
                window.appendNumber(polyline[index].x)
                window.append(UInt8(ascii: ","))
                window.appendNumber(polyline[index].y)
                window.append(UInt8(ascii: "]"))
            }
            window.append(UInt8(ascii: "]"))
        }
        window.append(UInt8(ascii: ","))
        window.appendNumber(direction)
        window.append(UInt8(ascii: ","))
        window.appendNumber(alpha)
        window.append(UInt8(ascii: ","))
        window.appendText(texts.bytes(of: text))
        window.append(UInt8(ascii: ","))
        window.appendColor(texts.bytes(of: color))
        window.append(UInt8(ascii: ","))
        window.appendSize(texts.bytes(of: size))
        for text in [type, brush, shape] {
            window.append(UInt8(ascii: ","))
            window.appendText(texts.bytes(of: text))
        }
        window.append(UInt8(ascii: "]"))
    }
}
