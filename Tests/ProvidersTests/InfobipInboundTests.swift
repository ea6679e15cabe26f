import Domain
import Providers
import Testing

@Suite struct InfobipInboundTests {
    @Test func `texts and buttons are read, and an odd entry costs only itself`() throws {
        let body = """
            {"results":[
              {"messageId":"1","from":"385915550101","to":"PagerPal","text":"ack 12","cleanText":"12","keyword":"ACK"},
              null, {"from":"385915550101","text":"no id"}, {"messageId":"2","from":"InfoSMS","text":"ack"},
              {"messageId":"3","from":"385915550102","to":"44123","integrationType":"WHATSAPP",
               "message":{"type":"TEXT","text":" Ack ","context":{"from":"44123","id":"m-7"}}},
              {"messageId":"4","from":"385915550102","message":{"type":"BUTTON","text":"Acknowledge","payload":"ack 12"}},
              {"messageId":"5","from":"385915550102","message":{"type":"INTERACTIVE_BUTTON_REPLY","id":"r12","title":"Resolve"}},
              {"messageId":"6","from":"385915550102","message":{"type":"IMAGE","url":"https://x.example/i"}}
            ],"messageCount":8,"pendingMessageCount":0}
            """
        let texts = try InfobipInbound.decode(Array(body.utf8))
        #expect(
            texts == [
                InboundText(id: "1", channel: .sms, from: "+385915550101", text: "ack 12"),
                InboundText(id: "3", channel: .whatsapp, from: "+385915550102", text: " Ack ", answers: "m-7"),
                InboundText(id: "4", channel: .whatsapp, from: "+385915550102", text: "ack 12"),
                InboundText(id: "5", channel: .whatsapp, from: "+385915550102", text: "r12"),
            ])
        #expect(throws: InfobipReports.Unreadable.self) { try InfobipInbound.decode(Array("<xml/>".utf8)) }
        #expect(throws: InfobipReports.Unreadable.self) { try InfobipInbound.decode(Array("{}".utf8)) }
    }
}
