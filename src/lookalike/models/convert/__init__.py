"""Published weights, in the formats their authors chose, rebuilt as ONNX graphs."""
